/** Unpacking of what peers have compressed: whole or not at all. */
@NullMarked
package io.penstock.base.compress;

import org.jspecify.annotations.NullMarked;
