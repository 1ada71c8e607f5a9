// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.catalogue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lists the classes of a package, in folders and in jars. */
public final class PackageClasses {
    private static final String ENDING = ".class";

    private PackageClasses() {}

    /**
     * Classes of a package and of those below it. They are not initialised.
     *
     * @param neighbour a class that was loaded from the same folder or jar
     * @param packageName name of the package
     * @return classes that are not nested in others
     */
    public static List<Class<?>> of(Class<?> neighbour, String packageName) {
        try {
            Path place = Path.of(neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) {
                return find(place, packageName);
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, (ClassLoader) null)) {
                return find(jar.getPath("/"), packageName);
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot list the classes beside " + neighbour.getName(), e);
        }
    }

    private static List<Class<?>> find(Path root, String packageName) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(packageName.replace('.', '/')))) {
            return files.map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> name.endsWith(ENDING) && !name.contains("$"))
                    .map(name -> load(name.substring(0, name.length() - ENDING.length()).replace('/', '.')))
                    .collect(Collectors.toList());
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PackageClasses.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is listed and cannot be loaded", e);
        }
    }
}
