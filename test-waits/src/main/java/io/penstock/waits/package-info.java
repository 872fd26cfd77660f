/** How tests wait; part of no product. */
@NullMarked
package io.penstock.waits;

import org.jspecify.annotations.NullMarked;
