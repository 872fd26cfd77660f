/** Whose call it is: the account and the region within which names are unique. */
@NullMarked
package io.penstock.engine.scope;

import org.jspecify.annotations.NullMarked;
