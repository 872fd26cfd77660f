package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Which texts a key takes: of 1 to {@link #most} characters, or those that {@link #pattern} matches whole. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Text {
    /** What the text is, with its article; of a text without a pattern. */
    String what() default "a text";

    int most() default Integer.MAX_VALUE;

    /** Whether a text of blanks only is refused as one of no characters is. */
    boolean notBlank() default false;

    String pattern() default "";

    /** What is said of a text that the pattern does not match, after the text in quotes; such as "is no region". */
    String reason() default "";

    /** What to write instead. */
    String remedy() default "";

    /** Whether a mistake names the text; not where it may be a secret. */
    boolean quoted() default true;
}
