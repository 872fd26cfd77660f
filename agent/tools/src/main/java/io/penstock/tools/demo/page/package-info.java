/** The page of the demonstration, and where its workers report. */
@NullMarked
package io.penstock.tools.demo.page;

import org.jspecify.annotations.NullMarked;
