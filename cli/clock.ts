/** A time of a simulation as text for people. */
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** An event time as week, day and time of day, to the microsecond. */
export function clock(timeUs: number): string {
  const day = Math.floor(timeUs / 86400e6);
  const inDay = timeUs % 86400e6;
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const seconds = (inDay % 60e6) / 1e6;
  const time = `${two(inDay / 3600e6)}:${two((inDay / 60e6) % 60)}:${seconds.toFixed(6).padStart(9, "0")}`;
  return `week ${1 + Math.floor(day / 7)} ${DAYS[day % 7]} ${time}`;
}
