package io.penstock.agent.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.settings.Parsed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DottedGlobTest {
    @ParameterizedTest(name = "{0} takes {1}: {2}")
    @CsvSource(
            delimiter = ';',
            value = {
                "a.*; a.b; true",
                "a.*; a.b.c; false",
                "a.*; a; false",
                "a.*; ab.c; false",
                "*; a; true",
                "*; a.b; false",
                "*.b; a.b; true",
                "a*.b; abc.b; true",
                "a*c*e; abcde; true",
                "a*c*e; abcdef; false",
                "a.**; a; true",
                "a.**; a.b; true",
                "a.**; a.b.c; true",
                "a.**; ab; false",
                "**; a; true",
                "**; a.b.c; true",
                "**.c; c; true",
                "**.c; a.b.c; true",
                "**.c; a.b.d; false",
                "a.**.d; a.d; true",
                "a.**.d; a.b.c.d; true",
                "a.**.d; a.b.c; false",
                "a.**.b.**.c; a.x.b.y.b.c; true",
                "a.**.b.*.c; a.b.x.b.c; false",
                "a.**.b.*.c; a.b.b.x.c; true",
                "{a,b}; a; true",
                "{a,b}; b; true",
                "{a,b}; c; false",
                "a.{b,c}.d; a.c.d; true",
                "a.{b,c.*}.d; a.c.x.d; true",
                "{a,b{c,d}}.e; bd.e; true",
                "{a,b{c,d}}.e; b.e; false",
                "app{,.**}; app; true",
                "app{,.**}; app.x.y; true",
                "com.acme.**; com.acme.billing.Invoice; true",
                "com.acme.**; com.acmes.Invoice; false",
                "a.b; A.b; false",
            })
    void patternsTakeTheNamesThatFluentdSays(String pattern, String name, boolean taken) {
        assertEquals(taken, Texts.pattern("forward:" + pattern).matches(name));
        assertEquals(taken, Texts.pattern("log4j:" + pattern).matches(name));
        assertEquals(taken, Texts.pattern("otlp:" + pattern).matches(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{a", "a}", "}a{", "{a,{b}", "a**", "**a", "a.***", "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}"})
    void patternsWithoutMeaningAreRefused(String pattern) {
        assertInstanceOf(Parsed.Wrong.class, RoutePattern.parse("forward:" + pattern));
    }

    @Test
    void namesMadeToSlowTheMatchingDownDoNot() {
        RoutePattern pattern = Texts.pattern("forward:" + "*a".repeat(100) + ".**" + ".x.**".repeat(50) + ".end");
        String name = "a".repeat(3000) + ".x".repeat(3000);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertFalse(pattern.matches(name)));
        assertTrue(pattern.matches(name + ".end"));
    }
}
