/** What the service refuses a call with. */
@NullMarked
package io.penstock.engine.fault;

import org.jspecify.annotations.NullMarked;
