/** Files and folders as this program keeps them. */
@NullMarked
package io.penstock.base.files;

import org.jspecify.annotations.NullMarked;
