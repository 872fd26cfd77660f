/** The segment files: their format, and their creation, sealing and removal. */
@NullMarked
package io.penstock.journal.internal.segment;

import org.jspecify.annotations.NullMarked;
