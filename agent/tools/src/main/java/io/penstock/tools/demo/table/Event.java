package io.penstock.tools.demo.table;

/**
 * What a worker read of one record.
 *
 * @param id the record's {@code @id}
 * @param number of its kind, from 0
 * @param made when its producer made it, in milliseconds since 1970
 * @param group what it is counted under: the referrer of a page view, the zone of a beacon, the level of a log line
 * @param x of a beacon: 0 to 1 from the left wall of the floor
 * @param y of a beacon: 0 to 1 from the back wall of the floor
 */
public record Event(Kind kind, String id, int number, long made, String group, double x, double y) {}
