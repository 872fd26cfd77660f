/** Writes batches: one thread at a time, one write and one force each. */
@NullMarked
package io.penstock.journal.internal.write;

import org.jspecify.annotations.NullMarked;
