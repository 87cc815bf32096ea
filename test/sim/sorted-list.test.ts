/** The obvious list passes the suite of the contract. */
import { SortedList } from "../../sim/sorted-list.ts";
import { eventListCases } from "../cases/event-list.ts";

eventListCases("sorted list", () => new SortedList());
