/** The suite of the future event list run on a wrong list; a test runs this file and sees it fail. */
import { eventListCases } from "./event-list.ts";
import { WrongList } from "./wrong-list.ts";

eventListCases("wrong list", () => new WrongList());
