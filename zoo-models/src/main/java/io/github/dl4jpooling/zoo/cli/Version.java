// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Version of this library and of the ND4J it runs with, as Maven wrote them into the jars. */
public final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"dl4j-pooling " + library(), "nd4j " + nd4j(),
            "java " + System.getProperty("java.version")};
    }

    /** @return version of this library */
    public static String library() {
        return of("io.github.dl4j-pooling/zoo-models");
    }

    /** @return version of ND4J on the class path */
    public static String nd4j() {
        return of("org.nd4j/nd4j-api");
    }

    private static String of(String artifact) {
        String resource = "/META-INF/maven/" + artifact + "/pom.properties";
        try (InputStream in = Version.class.getResourceAsStream(resource)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "(development build)");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
