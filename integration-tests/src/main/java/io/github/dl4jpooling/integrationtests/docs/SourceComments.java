// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.github.dl4jpooling.zoo.cli.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Javadoc comments of the classes of a package, read from their sources by the compiler. */
final class SourceComments {

    private final Map<String, Type> types = new LinkedHashMap<>();

    /**
     * Reads a package.
     *
     * @param folder folder with its sources
     * @throws IOException if a source cannot be read
     */
    SourceComments(Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new CommandException("This Java has no compiler: run the command with a JDK");
        }
        Path[] files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(".java")).sorted().toArray(Path[]::new);
        }
        try (StandardJavaFileManager manager =
                compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(null, manager, problem -> {
                // The build reports what is wrong with sources.
            }, List.of("-proc:none"), null, manager.getJavaFileObjects(files));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree declaration : unit.getTypeDecls()) {
                    if (declaration instanceof ClassTree) {
                        Type type = new Type(trees, new TreePath(new TreePath(unit), declaration));
                        types.put(type.name(), type);
                    }
                }
            }
        }
    }

    /** The class of a name, null if the package has none. */
    Type type(String name) {
        return types.get(name);
    }

    /** Something with a comment. */
    static class Commented {
        private final DocCommentTree comment;

        Commented(DocTrees trees, TreePath path) {
            comment = trees.getDocCommentTree(path);
        }

        /** The comment without its block tags. */
        List<? extends DocTree> body() {
            return comment == null ? Collections.emptyList() : comment.getFullBody();
        }

        /** Descriptions of the parameters, by their names. */
        Map<String, List<? extends DocTree>> parameters() {
            Map<String, List<? extends DocTree>> parameters = new LinkedHashMap<>();
            for (DocTree tag : comment == null ? Collections.<DocTree>emptyList() : comment.getBlockTags()) {
                if (tag.getKind() == DocTree.Kind.PARAM && !((ParamTree) tag).isTypeParameter()) {
                    parameters.put(((ParamTree) tag).getName().toString(), ((ParamTree) tag).getDescription());
                }
            }
            return parameters;
        }
    }

    /** A constructor, method or constant. */
    static final class Member extends Commented {
        private final String name;
        private final String resultType;
        private final List<String> parameterNames;
        private final boolean isPublic;
        private final boolean isStatic;

        private Member(DocTrees trees, TreePath path, MethodTree method) {
            super(trees, path);
            name = method.getName().toString();
            resultType = String.valueOf(method.getReturnType());
            parameterNames = method.getParameters().stream()
                    .map(parameter -> parameter.getName().toString())
                    .collect(Collectors.toList());
            isPublic = method.getModifiers().getFlags().contains(Modifier.PUBLIC);
            isStatic = method.getModifiers().getFlags().contains(Modifier.STATIC);
        }

        private Member(DocTrees trees, TreePath path, VariableTree constant) {
            super(trees, path);
            name = constant.getName().toString();
            resultType = String.valueOf(constant.getType());
            parameterNames = Collections.emptyList();
            isPublic = true;
            isStatic = true;
        }

        String name() {
            return name;
        }

        /** Name of the type as the source has it; "null" for constructors. */
        String resultType() {
            return resultType;
        }

        boolean isConstructor() {
            return name.equals("<init>");
        }

        boolean isPublic() {
            return isPublic;
        }

        boolean isStatic() {
            return isStatic;
        }

        boolean hasParameters() {
            return !parameterNames.isEmpty();
        }

        /** Names of the parameters in parentheses. */
        String parameterList() {
            return "(" + String.join(", ", parameterNames) + ")";
        }
    }

    /** A class, interface or enum. */
    static final class Type extends Commented {
        private final String name;
        private final boolean isEnum;
        private final boolean isPublic;
        private final List<Member> members = new ArrayList<>();
        private final List<Type> nested = new ArrayList<>();

        private Type(DocTrees trees, TreePath path) {
            super(trees, path);
            ClassTree tree = (ClassTree) path.getLeaf();
            name = tree.getSimpleName().toString();
            isEnum = tree.getKind() == Tree.Kind.ENUM;
            isPublic = tree.getModifiers().getFlags().contains(Modifier.PUBLIC);
            for (Tree member : tree.getMembers()) {
                TreePath place = new TreePath(path, member);
                if (member instanceof MethodTree) {
                    members.add(new Member(trees, place, (MethodTree) member));
                } else if (member instanceof ClassTree) {
                    nested.add(new Type(trees, place));
                } else if (isEnum && member instanceof VariableTree
                        && name.equals(String.valueOf(((VariableTree) member).getType()))) {
                    members.add(new Member(trees, place, (VariableTree) member));
                }
            }
        }

        String name() {
            return name;
        }

        boolean isEnum() {
            return isEnum;
        }

        boolean isPublic() {
            return isPublic;
        }

        /** Constructors and methods; those of an enum begin with its constants. */
        List<Member> members() {
            return members;
        }

        List<Type> nested() {
            return nested;
        }
    }
}
