/** The files of a log: their format, and making, sealing and removing them. */
@NullMarked
package io.penstock.journal.internal.segment;

import org.jspecify.annotations.NullMarked;
