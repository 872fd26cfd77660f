package io.penstock.agent.spool;

/**
 * How an event lies in the spool: what the sender needs to know of it and nothing else.
 *
 * <pre>
 *  0       1              3                  3 + n
 *  +-------+--------------+------------------+--------------- ...
 *  | flags | key length n | partition key    | data
 *  |       | big-endian   | n bytes of UTF-8 |
 *  +-------+--------------+------------------+--------------- ...
 *  flags  bit 0: bound late - no key was given, the sender chooses the shard; n is 0
 * </pre>
 */
public final class SpooledRecord {
    private SpooledRecord() {}
}
