/**
 * The durable log: an append-only sequence of entries in segments on local disk, forced in groups, that the agent's
 * spool and the stream engine both stand on.
 */
@NullMarked
package io.penstock.journal;

import org.jspecify.annotations.NullMarked;
