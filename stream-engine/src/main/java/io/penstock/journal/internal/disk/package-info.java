/** The disk of the operating system. */
@NullMarked
package io.penstock.journal.internal.disk;

import org.jspecify.annotations.NullMarked;
