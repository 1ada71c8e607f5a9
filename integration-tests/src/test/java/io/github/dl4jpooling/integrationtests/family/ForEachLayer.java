// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs a test class once for each operator of the list that has a layer with a window, which its constructor gets. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("io.github.dl4jpooling.integrationtests.family.Operators#withLayer")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ForEachLayer {}
