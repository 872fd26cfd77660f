/** The put path: parsed without a tree, appended as one block, answered once per batch of the log. */
@NullMarked
package io.penstock.engine.put;

import org.jspecify.annotations.NullMarked;
