/** The real disk under a log. */
@NullMarked
package io.penstock.journal.internal.disk;

import org.jspecify.annotations.NullMarked;
