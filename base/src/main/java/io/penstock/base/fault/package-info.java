/** Contains a defect in one callback, so that its neighbours go on. */
@NullMarked
package io.penstock.base.fault;

import org.jspecify.annotations.NullMarked;
