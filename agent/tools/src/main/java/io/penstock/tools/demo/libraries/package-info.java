/** What the demonstration fetches from Maven Central when it first runs. */
@NullMarked
package io.penstock.tools.demo.libraries;

import org.jspecify.annotations.NullMarked;
