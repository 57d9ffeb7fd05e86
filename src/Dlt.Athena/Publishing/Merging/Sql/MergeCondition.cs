using System.Text.RegularExpressions;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// A condition of a merge strategy. It is SQL and goes into statements unchanged, except braces: doubled ones are single ones, and single
/// ones name a table. Its string form is in parentheses.
/// </summary>
/// <param name="Text">The condition without parentheses.</param>
internal sealed partial record MergeCondition(string Text)
{
    /// <summary>
    /// The condition after <c>AND</c>. dlt has no parentheses here; without them an OR would reach beyond the condition.
    /// </summary>
    public string Joined => Or().IsMatch(Text) ? ToString() : Text;

    /// <inheritdoc/>
    public override string ToString() => $"({Text})";

    /// <summary>The condition on the new root rows; null for none.</summary>
    /// <exception cref="SchemaException">It has a placeholder.</exception>
    public static MergeCondition? Source(MergeInput input, string? text) =>
        string.IsNullOrEmpty(text) ? null : new(Expand(input, text, "source_filter", []));

    /// <summary>The condition on the rows of the table that may be deleted or retired; null for none.</summary>
    /// <exception cref="SchemaException">It has a placeholder other than those for the two tables.</exception>
    public static MergeCondition? Scope(MergeInput input, string? text) => string.IsNullOrEmpty(text)
        ? null
        : new(Expand(input, text, "destination_scope", [("{table}", input.Table), ("{staging_table}", input.Staged)]));

    private static string Expand(MergeInput input, string text, string option, (string Name, string Value)[] known) =>
        Brace().Replace(text, match =>
        {
            if (match.Value is "{{" or "}}") return match.Value[..1];
            if (known.FirstOrDefault(k => match.Value == k.Name).Value is { } value) return value;
            var rule = known.Length == 0
                ? "has no placeholders"
                : $"has only the placeholders {string.Join(" and ", known.Select(k => k.Name))}";
            throw new SchemaException($"The {option} of table '{input.Root.Name}' {rule}, and contains {match.Value}: {text} "
                + "Nothing was loaded. Write {{ and }} for braces.")
            { Table = input.Root.Name };
        });

    [GeneratedRegex(@"\{\{|\}\}|\{[^{}]*\}|[{}]")]
    private static partial Regex Brace();

    [GeneratedRegex(@"\bor\b", RegexOptions.IgnoreCase)]
    private static partial Regex Or();
}
