/** The errors with which the service refuses a call. */
@NullMarked
package io.penstock.engine.fault;

import org.jspecify.annotations.NullMarked;
