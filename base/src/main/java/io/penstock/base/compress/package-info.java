/** Unpacks what peers have compressed, completely or not at all. */
@NullMarked
package io.penstock.base.compress;

import org.jspecify.annotations.NullMarked;
