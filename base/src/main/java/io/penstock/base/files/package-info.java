/** Files and folders with the permissions that this program needs. */
@NullMarked
package io.penstock.base.files;

import org.jspecify.annotations.NullMarked;
