/** Conditions: what keeps a part of the program from its work, with one name for each kind, and its remedy. */
@NullMarked
package io.penstock.base.condition;

import org.jspecify.annotations.NullMarked;
