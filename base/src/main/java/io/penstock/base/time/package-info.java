/** Time that advances evenly, however the machine's clock is set. */
@NullMarked
package io.penstock.base.time;

import org.jspecify.annotations.NullMarked;
