#!/usr/bin/env dotnet
#:package Microsoft.CodeAnalysis.CSharp
#:property PublishAot=false
#:property ManagePackageVersionsCentrally=true

// Puts mutants into the C# files of a folder: binary expressions with another operator, each switched on by DLT_MUTANT=<id>.
// See README.md beside this file.
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

if (args is not [var clone, var folder, var countText, var firstText])
{
    Console.Error.WriteLine("usage: dotnet run mutate.cs -- <clone> <folder, such as src/Dlt/Normalize> <number of mutants> <first id>");
    return 2;
}

var count = int.Parse(countText, CultureInfo.InvariantCulture);
var first = int.Parse(firstText, CultureInfo.InvariantCulture);
var candidates = Directory.EnumerateFiles(Path.Combine(clone, folder), "*.cs", SearchOption.AllDirectories)
    .Order(StringComparer.Ordinal)
    .SelectMany(Candidates)
    .ToArray();
new Random(first).Shuffle(candidates);   // the first id decides the choice, so a run can be repeated
var mutants = Apart(candidates).Take(count).Select((mutant, at) => mutant with { Id = first + at }).ToList();

foreach (var file in mutants.GroupBy(mutant => mutant.Path)) Rewrite(file.Key, file);
WriteSwitch();
foreach (var mutant in mutants)
    Console.WriteLine($"{mutant.Id}\t{Path.GetRelativePath(clone, mutant.Path)}:{mutant.Line}\t{mutant.Before}  =>  {mutant.After}");
return 0;

// Expressions of a file that can be mutated without an error of the compiler.
static IEnumerable<Mutant> Candidates(string path)
{
    var tree = CSharpSyntaxTree.ParseText(File.ReadAllText(path));
    foreach (var expression in tree.GetRoot().DescendantNodes().OfType<BinaryExpressionSyntax>())
    {
        if (Operators.Other(expression) is not { } other || !CanHoldACall(expression) || IntroducesNames(expression)) continue;
        var line = tree.GetLineSpan(expression.Span).StartLinePosition.Line + 1;
        yield return new(path, expression.Span.Start, expression.Span.Length, line, OneLine(expression.ToString()),
            OneLine($"{expression.Left} {other} {expression.Right}"));
    }
}

// A constant cannot call a method, and neither can a pattern or a default value.
static bool CanHoldACall(SyntaxNode expression) => !expression.Ancestors().Any(node =>
    node is AttributeSyntax or ParameterSyntax or SwitchLabelSyntax or PatternSyntax or EnumMemberDeclarationSyntax or InterpolationSyntax
    || (node is FieldDeclarationSyntax field && field.Modifiers.Any(SyntaxKind.ConstKeyword))
    || (node is LocalDeclarationStatementSyntax { IsConst: true }));

// A copy of such an expression would declare a name twice, or lose what the compiler knows of a value.
static bool IntroducesNames(SyntaxNode expression) => expression.DescendantNodes().Any(node =>
    node is DeclarationExpressionSyntax or SingleVariableDesignationSyntax or LambdaExpressionSyntax or ThrowExpressionSyntax
        or AwaitExpressionSyntax);

static string OneLine(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

// Two mutants do not overlap.
static IEnumerable<Mutant> Apart(IEnumerable<Mutant> candidates)
{
    var chosen = new List<Mutant>();
    foreach (var mutant in candidates)
    {
        if (chosen.Exists(other => other.Overlaps(mutant))) continue;
        chosen.Add(mutant);
        yield return mutant;
    }
}

static void Rewrite(string path, IEnumerable<Mutant> mutants)
{
    var text = File.ReadAllText(path);
    foreach (var mutant in mutants.OrderByDescending(mutant => mutant.Start))
    {
        var before = text.Substring(mutant.Start, mutant.Length);
        var both = $"(global::Dlt.Mutant.Is({mutant.Id}) ? ({mutant.After}) : ({before}))";
        text = text[..mutant.Start] + both + text[(mutant.Start + mutant.Length)..];
    }

    File.WriteAllText(path, text);
}

void WriteSwitch()
{
    var project = Path.Combine(clone, "src", folder.Split('/')[1]);
    File.WriteAllText(Path.Combine(project, "Mutant.cs"), """
        namespace Dlt;

        internal static class Mutant
        {
            private static readonly string? Active = System.Environment.GetEnvironmentVariable("DLT_MUTANT");

            public static bool Is(int id) => Active == id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        """);
}

/// <summary>An expression and what takes its place.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Start">Offset in the file, in characters.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Line">Line in the file; 1 is the first.</param>
/// <param name="Before">The expression, on one line.</param>
/// <param name="After">The mutated expression, on one line.</param>
internal sealed record Mutant(string Path, int Start, int Length, int Line, string Before, string After)
{
    public int Id { get; init; }

    public bool Overlaps(Mutant other) => Path == other.Path && Start < other.Start + other.Length && other.Start < Start + Length;
}

/// <summary>The operators that are exchanged.</summary>
internal static class Operators
{
    /// <summary>Returns the operator that takes the place of the expression's own; null when the expression stays.</summary>
    public static string? Other(BinaryExpressionSyntax expression) => expression.Kind() switch
    {
        SyntaxKind.EqualsExpression => "!=",
        SyntaxKind.NotEqualsExpression => "==",
        SyntaxKind.LessThanExpression => "<=",
        SyntaxKind.LessThanOrEqualExpression => "<",
        SyntaxKind.GreaterThanExpression => ">=",
        SyntaxKind.GreaterThanOrEqualExpression => ">",
        SyntaxKind.LogicalAndExpression when IsWholeCondition(expression) => "||",
        SyntaxKind.LogicalOrExpression when IsWholeCondition(expression) => "&&",
        SyntaxKind.AddExpression when AddsNumbers(expression) => "-",
        SyntaxKind.SubtractExpression => "+",
        _ => null,
    };

    /// <summary>
    /// Returns true when operands may change places: the first does not guard the second against null, and no operator of the same kind
    /// is around it (without parentheses, the mutated form would mean something else).
    /// </summary>
    private static bool IsWholeCondition(BinaryExpressionSyntax expression) =>
        !expression.Parent.IsKind(expression.Kind()) && !expression.ToString().Contains("null", StringComparison.Ordinal)
        && !expression.Left.IsKind(expression.Kind());

    /// <summary>Returns true when a literal number shows that the expression does not join texts.</summary>
    private static bool AddsNumbers(BinaryExpressionSyntax expression) =>
        expression.Left.IsKind(SyntaxKind.NumericLiteralExpression) || expression.Right.IsKind(SyntaxKind.NumericLiteralExpression);
}
