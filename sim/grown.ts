/**
 * A copy of a typed array with a larger capacity. Capacities double, so the cost per event is negligible.
 */

type TypedColumn = Float64Array | Int32Array | Uint8Array;

/** @param capacity whole, at least the column's length; the new elements are 0 */
export function grown<Column extends TypedColumn>(column: Column, capacity: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(capacity);
  larger.set(column);
  return larger;
}
