package io.penstock.base.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The valid texts of a key: of 1 to {@link #most} characters, or those that {@link #pattern} matches as a whole. */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Text {
    /** The noun for the text in messages, with its article; for texts without a pattern. */
    String what() default "a text";

    int most() default Integer.MAX_VALUE;

    /** True if a text of blanks only is refused. */
    boolean notBlank() default false;

    String pattern() default "";

    /**
     * For a text that does not match the pattern: the end of the message after the quoted text, such as "is no region".
     */
    String reason() default "";

    /** What to write instead, for the message. */
    String remedy() default "";

    /** False if messages must not quote the text, because it may be a secret. */
    boolean quoted() default true;
}
