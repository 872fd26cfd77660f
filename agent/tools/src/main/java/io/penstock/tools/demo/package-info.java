/** The demonstration: a whole system on one machine, and the sum that shows that nothing is lost. */
@NullMarked
package io.penstock.tools.demo;

import org.jspecify.annotations.NullMarked;
