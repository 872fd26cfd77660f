/**
 * The durable log: an append-only sequence of entries in segments on local disk, forced in batches. The agent's spool
 * and the stream engine both use it.
 */
@NullMarked
package io.penstock.journal;

import org.jspecify.annotations.NullMarked;
