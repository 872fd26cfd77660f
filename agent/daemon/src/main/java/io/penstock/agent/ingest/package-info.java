/** The way from a source to its spool: partition key and record bytes, written as an entry of a block. */
@NullMarked
package io.penstock.agent.ingest;

import org.jspecify.annotations.NullMarked;
