/** The one bound on what a process holds in memory for its clients. */
@NullMarked
package io.penstock.base.memory;

import org.jspecify.annotations.NullMarked;
