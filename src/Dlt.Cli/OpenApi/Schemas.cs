using Microsoft.OpenApi;

namespace Dlt.Cli.OpenApi;

/// <summary>Reads schemas of an OpenAPI document.</summary>
internal static class Schemas
{
    private const int DepthOfCombinations = 8;
    private const int DepthOfLists = 3;

    private static readonly string[] NamesOfLists =
        ["data", "items", "results", "entries", "records", "rows", "entities", "payload", "content", "objects", "values"];

    private static readonly string[] Times = ["date", "time", "_at", "At", "created", "updated", "modified"];

    /// <summary>Returns the fields of an object, with those of the schemas it is combined from.</summary>
    /// <exception cref="DltException">A reference leads nowhere.</exception>
    public static Dictionary<string, IOpenApiSchema> Fields(IOpenApiSchema schema, string place)
    {
        var fields = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        foreach (var part in Parts(schema, place, 0))
            foreach (var (name, field) in part.Properties ?? new Dictionary<string, IOpenApiSchema>())
                fields.TryAdd(name, field);
        return fields;
    }

    /// <summary>True for a schema of the type, or one that is combined from such.</summary>
    public static bool Is(IOpenApiSchema schema, JsonSchemaType type, string place) =>
        Parts(schema, place, 0).Any(p => p.Type is { } types && types.HasFlag(type));

    /// <summary>Finds the list of records in an answer: its path (null for the answer itself) and the schema of a record.</summary>
    public static (string? Path, IOpenApiSchema Record)? FindList(IOpenApiSchema answer, string place)
    {
        if (ListOf(answer, place) is { } whole) return (null, whole);
        var lists = Lists(answer, place, [], DepthOfLists).ToList();
        if (lists.Count == 0) return null;
        foreach (var known in NamesOfLists)
            if (lists.FirstOrDefault(l => l.Names[^1].Equals(known, StringComparison.OrdinalIgnoreCase)) is { Names: not null } found)
                return (PathOf(found.Names), found.Record);

        // A record that has a list, such as an order with its items, is no page.
        if (Fields(answer, place).ContainsKey("id")) return null;
        var first = lists.MinBy(l => l.Names.Length);
        return (PathOf(first.Names), first.Record);
    }

    /// <summary>Describes the records of a list.</summary>
    /// <param name="schema">Schema of a record.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="place">Where it is used, for errors.</param>
    public static ApiRecord Describe(IOpenApiSchema schema, string name, string place)
    {
        var fields = Fields(schema, place).Where(f => IsPlain(f.Value, place)).ToDictionary(f => f.Key, f => f.Value);
        var columns = fields.Select(f => Column(f.Key, f.Value, place)).OfType<string>();
        return new(Key([.. fields.Keys], name), [.. fields.Keys], [.. columns]);
    }

    /// <summary>Paths of all plain fields of an answer outside its records, with their names.</summary>
    public static IEnumerable<(string Path, string Name, IOpenApiSchema Schema)> Envelope(IOpenApiSchema answer, string place) =>
        Envelope(answer, place, [], DepthOfLists);

    private static IEnumerable<(string Path, string Name, IOpenApiSchema Schema)> Envelope(
        IOpenApiSchema schema, string place, string[] names, int depth)
    {
        if (depth == 0 || ListOf(schema, place) is not null) yield break;
        foreach (var (name, field) in Fields(schema, place))
        {
            string[] path = [.. names, name];
            if (IsPlain(field, place)) yield return (PathOf(path), name, field);
            foreach (var inner in Envelope(field, place, path, depth - 1)) yield return inner;
        }
    }

    private static IEnumerable<(string[] Names, IOpenApiSchema Record)> Lists(
        IOpenApiSchema schema, string place, string[] names, int depth)
    {
        if (depth == 0) yield break;
        foreach (var (name, field) in Fields(schema, place))
        {
            string[] path = [.. names, name];
            if (ListOf(field, place) is { } record) yield return (path, record);
            else
                foreach (var inner in Lists(field, place, path, depth - 1)) yield return inner;
        }
    }

    /// <summary>The schema of the elements of a list of objects; null for anything else.</summary>
    private static IOpenApiSchema? ListOf(IOpenApiSchema schema, string place)
    {
        if (!Is(schema, JsonSchemaType.Array, place)) return null;
        var items = Parts(schema, place, 0).Select(p => p.Items).FirstOrDefault(i => i is not null);
        return items is null || IsPlain(items, place) || Is(items, JsonSchemaType.Array, place) ? null : items;
    }

    private static bool IsPlain(IOpenApiSchema schema, string place)
    {
        return Has(JsonSchemaType.String) || Has(JsonSchemaType.Integer) || Has(JsonSchemaType.Number) || Has(JsonSchemaType.Boolean);

        bool Has(JsonSchemaType type) => Is(schema, type, place);
    }

    private static IEnumerable<IOpenApiSchema> Parts(IOpenApiSchema schema, string place, int depth)
    {
        if (schema is OpenApiSchemaReference { Target: null } reference)
        {
            throw new DltException(
                $"{place}: the reference '{reference.Reference.ReferenceV3}' leads nowhere. Nothing was written. "
                + "Put the schema into the document (schemas of other files have to be bundled into it), and run dlt init again.");
        }

        yield return schema;
        if (depth == DepthOfCombinations) yield break;
        foreach (var part in (schema.AllOf ?? []).Concat(schema.OneOf ?? []).Concat(schema.AnyOf ?? []))
            foreach (var inner in Parts(part, place, depth + 1))
                yield return inner;
    }

    private static string? Key(string[] fields, string name)
    {
        var singular = Names.Singular(name);
        string[] wanted = ["id", "uuid", "guid", "_id", singular + "_id", singular + "_uuid"];
        return wanted.Select(w => fields.FirstOrDefault(f => Names.Snake(f) == w || f == w)).FirstOrDefault(f => f is not null);
    }

    private static string? Column(string name, IOpenApiSchema schema, string place)
    {
        bool Has(JsonSchemaType type) => Is(schema, type, place);
        var format = Parts(schema, place, 0).Select(p => p.Format).FirstOrDefault(f => f is not null);
        var kinds = new[] { JsonSchemaType.String, JsonSchemaType.Integer, JsonSchemaType.Number, JsonSchemaType.Boolean }.Count(Has);
        var type = (kinds, format) switch
        {
            ( > 1, _) => null,   // the data decide
            (_, "date-time") => "Timestamp",
            (_, "date") => "Date",
            (_, "time" or "duration" or "decimal" or "byte" or "binary") => null,
            _ when Has(JsonSchemaType.Integer) => "Bigint",
            _ when Has(JsonSchemaType.Number) => "Double",
            _ when Has(JsonSchemaType.Boolean) => "Bool",
            // A text without format whose name is that of a time is often one.
            _ => Times.Any(t => name.Contains(t, StringComparison.Ordinal)) ? null : "Text",
        };
        return type is null ? null : $"Column.{type}({Names.Literal(name)})";
    }

    private static string PathOf(string[] names) => string.Join('.', names.Select(n =>
        n.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? n : $"'{n}'"));
}
