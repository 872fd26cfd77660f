/** The bound on the memory that a process holds for its clients. */
@NullMarked
package io.penstock.base.memory;

import org.jspecify.annotations.NullMarked;
