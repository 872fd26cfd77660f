/** How a defect in one piece of code is kept away from its neighbours. */
@NullMarked
package io.penstock.base.fault;

import org.jspecify.annotations.NullMarked;
