package io.penstock.agent.config;

import static io.penstock.agent.config.Loading.assertMistakes;
import static io.penstock.agent.config.Loading.configuration;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.base.settings.Secret;
import io.penstock.delivery.kinesis.settings.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialsConfigurationTest {
    static final String ALL = """
            kinesis:
              endpoint: "http://a"
              credentials: {source: static, access-key-id: AKIAIOSFODNN7EXAMPLE, secret-access-key: hush-1, session-token: hush-2}
              proxy: {url: "http://proxy:1", user: u, password: hush-3, no-proxy: a.b}
              assume-role: {role-arn: "arn:aws:iam::123456789012:role/r", external-id: e}
            targets:
              chain: {endpoint: aws, region: eu-west-1, tls: {ca: /a/b}}
              file: {endpoint: "http://a", credentials: {source: profile, file: /a/c}, sts-endpoint: "http://sts:1"}
              pod: {endpoint: "http://a", credentials: {source: container}}
              vm: {endpoint: "http://a", credentials: {source: instance}, auto-create: {mode: on-demand, tags: {a: "b: c"}}, prices: {shard-hour: 1, million-put-units: 0.000001}}
              cheap: {endpoint: "http://a", prices: {on-demand-stream-hour: 0, on-demand-gigabyte: 0.032}}
              web:
                endpoint: "http://a"
                credentials: {source: web-identity, role-arn: "arn:aws-cn:iam::123456789012:role/r", token-file: /a/d}
                sts-endpoint: "http://sts:2"
            """;

    private static Credentials of(String target) {
        return configuration(ALL).targets().get(target).credentials();
    }

    @Test
    void eachSourceCanBeChosenForATargetOfItsOwn() {
        assertEquals(
                new Credentials.Fixed("AKIAIOSFODNN7EXAMPLE", new Secret("hush-1"), Optional.of(new Secret("hush-2"))),
                assertInstanceOf(
                                Credentials.AssumeRole.class,
                                configuration(ALL).kinesis().credentials())
                        .source());
        assertEquals(new Credentials.Chain(), of("chain"));
        assertEquals(new Credentials.Profile("default", Optional.of(Path.of("/a/c"))), of("file"));
        assertEquals(new Credentials.Container(), of("pod"));
        assertEquals(new Credentials.Instance(), of("vm"));
        assertEquals(
                new Credentials.WebIdentity("arn:aws-cn:iam::123456789012:role/r", Path.of("/a/d"), "penstock"),
                of("web"));
        assertEquals(
                Optional.of(URI.create("http://sts:2")),
                configuration(ALL).targets().get("web").network().sts());
    }

    @Test
    void leftOutItIsTheChainForAmazonsEndpointsAndADummyPairForOthers() {
        String vpc = "https://vpce-1.kinesis.eu-west-1.vpce.amazonaws.com";
        assertEquals(
                new Credentials.Chain(),
                configuration("kinesis: {endpoint: \"" + vpc + "\"}").kinesis().credentials());
        assertEquals(
                new Credentials.None(),
                configuration("kinesis: {endpoint: \"http://localhost:1\"}")
                        .kinesis()
                        .credentials());
    }

    @Test
    void noSecretIsPrintedOrPartOfAnyText() {
        String printed = EffectiveConfiguration.render(configuration(ALL));
        assertFalse(printed.contains("hush"), printed);
        assertTrue(printed.contains("secret-access-key: \"(secret)\""), printed);
        assertFalse(configuration(ALL).toString().contains("hush"));
        assertEquals(printed, EffectiveConfiguration.render(configuration(printed)));
    }

    @Test
    void mistakesNameTheKeyAndQuoteNoSecret() {
        assertMistakes(
                """
                kinesis:
                  endpoint: "http://a"
                  credentials: {source: profil, acces-key-id: x}
                  fips: true
                targets:
                  b:
                    endpoint: "http://a"
                    credentials: {source: static, secret-access-key: "", profile: p}
                  c:
                    endpoint: "http://a"
                    credentials: {source: web-identity, access-key-id: "hush hush"}
                    assume-role: {external-id: e}
                    proxy: {user: hush}
                  d: {endpoint: embedded, credentials: {source: chain}}
                  e: {endpoint: "http://a", proxy: {url: "http://proxy:1/there"}}
                  f: {endpoint: "http://a", proxy: {url: "http://proxy:1/"}}
                """,
                "f:3:25: kinesis.credentials.source: \"profil\" is not one of the choices; did you mean profile?",
                "f:3:33: kinesis.credentials.acces-key-id: is no key of kinesis.credentials; did you mean access-key-id?",
                "f:4:3: kinesis.fips: is for endpoint: aws only; take it out; a URL says by itself which endpoint it is",
                "f:8:5: targets.b.credentials.access-key-id: is missing; write it, better as \"${VARIABLE}\"",
                "f:8:54: targets.b.credentials.secret-access-key: a secret of 0 characters; write 1 to 8192",
                "f:8:58: targets.b.credentials.profile: does not belong to source: static; write source: profile, or"
                        + " take it out",
                "f:11:5: targets.c.credentials.role-arn: is missing; write it as arn:aws:iam::123456789012:role/NAME",
                "f:11:5: targets.c.credentials.token-file: is missing; name the file that the token is in",
                "f:11:41: targets.c.credentials.access-key-id: does not belong to source: web-identity; write source:"
                        + " static, or take it out",
                "f:11:56: targets.c.credentials.access-key-id: is no access key id; write its 16 to 128 letters and"
                        + " digits",
                "f:12:5: targets.c.assume-role.role-arn: is missing; write it as arn:aws:iam::123456789012:role/NAME",
                "f:13:5: targets.c.proxy.url: is missing; write it as http://HOST:PORT",
                "f:13:13: targets.c.proxy.user: stands alone; write user: and password:, or neither",
                "f:14:27: targets.d.credentials: stands beside endpoint: embedded, which asks for none; take it out",
                "f:15:42: targets.e.proxy.url: \"http://proxy:1/there\" has a path; write it as http://HOST:PORT");
    }

    @Test
    void aDummyPairIsForNobodyWhoLooks() {
        assertMistakes(
                """
                kinesis: {endpoint: aws, region: eu-west-1, credentials: {source: none}}
                targets:
                  a: {endpoint: "http://a", assume-role: {role-arn: "arn:aws:iam::123456789012:role/r"}}
                  b: {endpoint: "http://a", sts-endpoint: "http://sts:1", assume-role: {role-arn: "arn:aws:iam::123456789012:role/r"}}
                  c: {endpoint: "http://a", credentials: {source: chian}, assume-role: {role-arn: "arn:aws:iam::123456789012:role/r"}}
                """,
                "f:1:59: kinesis.credentials.source: none is a dummy pair, and Amazon's endpoint asks for a real one;"
                        + " write another source, or leave it out for the default chain",
                "f:3:29: targets.a.assume-role: has nobody to assume it: the source of the credentials is none; write"
                        + " credentials: {source: chain}, or another source, beside it",
                "f:5:51: targets.c.credentials.source: \"chian\" is not one of the choices; did you mean chain?");
    }

    @Test
    void remediesAreOfTheKeyAndNotOfTheEndpoint() {
        assertMistakes(
                "kinesis: {endpoint: \"http://a\", sts-endpoint: aws, proxy: {url: \"proxy:80\"}}",
                "f:1:47: kinesis.sts-endpoint: \"aws\" is no URL; write a URL such as https://sts.eu-west-1.amazonaws.com",
                "f:1:65: kinesis.proxy.url: \"proxy:80\" is no URL; write it as http://HOST:PORT");
    }

    @Test
    void anAmazonHostNamesItsRegionInANetworkOfOnesOwnToo() {
        assertEquals("eu-west-1", region("https://vpce-0abc-1a.kinesis.eu-west-1.vpce.amazonaws.com"));
        assertEquals("us-gov-west-1", region("https://kinesis-fips.us-gov-west-1.amazonaws.com"));
        assertEquals("cn-north-1", region("https://Kinesis.CN-North-1.api.amazonwebservices.com.cn"));
        assertEquals("us-east-1", region("https://kinesis.eu-west-1.example.com"), "is nobody's");
        assertEquals(
                "eu-west-1",
                configuration(
                                "kinesis: {endpoint: \"https://kinesis.eu-west-1.amazonaws.com\"}",
                                Map.of("AWS_REGION", "us-west-2"))
                        .kinesis()
                        .region(),
                "takes no signature for another region");
        assertMistakes(
                "kinesis: {endpoint: \"https://kinesis.eu-west-1.amazonaws.com\", region: us-east-1}",
                "f:1:64: kinesis.region: is not the region that the endpoint names; write eu-west-1, or leave"
                        + " it out");
    }

    private static String region(String url) {
        return configuration("kinesis: {endpoint: \"" + url + "\"}").kinesis().region();
    }

    @Test
    void tagsAreThoseThatAmazonTakes() {
        assertMistakes(
                """
                kinesis:
                  endpoint: "http://a"
                  auto-create:
                    tags: {"AWS:x": y, "": z, "bad!": a, b: "c\\nd", "größe 1": "a/b=c+d-e%%f@g:h_i.j", empty: ""}
                """,
                "f:4:21: kinesis.auto-create.tags.AWS:x: is a name that Amazon keeps for itself; write one that does not"
                        + " begin with aws:",
                "f:4:28: kinesis.auto-create.tags.: is a tag without a name; write a name before the colon, or take it out",
                "f:4:39: kinesis.auto-create.tags.bad!: \"bad!\" has a character that no tag may have; write letters,"
                        + " digits, spaces and characters of _.:/=+-%@",
                "f:4:45: kinesis.auto-create.tags.b: \"c?d\" has a character that no tag may have; write letters,"
                        + " digits, spaces and characters of _.:/=+-%@");
    }

    @Test
    void aMistakeQuotesTheVariableAndNotWhatItHolds() {
        ConfigurationResult.Invalid invalid = assertInstanceOf(
                ConfigurationResult.Invalid.class,
                Loading.loader(Map.of("HUSH", "s3cr3t"))
                        .parse("kinesis: {endpoint: \"http://a\", proxy: {url: \"${HUSH}\"}, region: \"x ${HUSH}\"}"));
        assertFalse(invalid.toString().contains("s3cr3t"), invalid.toString());
        assertTrue(invalid.toString().contains("\"x ${HUSH}\" is no region"), invalid.toString());
    }
}
