/** What the workers have counted. */
@NullMarked
package io.penstock.tools.demo.table;

import org.jspecify.annotations.NullMarked;
