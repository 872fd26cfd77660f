/**
 * Time that goes on evenly, whatever the machine's clock does.
 */
@NullMarked
package io.penstock.base.time;

import org.jspecify.annotations.NullMarked;
