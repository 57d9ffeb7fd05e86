namespace Dlt.Cli.OpenApi;

/// <summary>Finds parents by paths: <c>/orders</c> is the parent of <c>/orders/{order_id}/items</c>.</summary>
internal static class Parents
{
    /// <summary>
    /// Replaces the parameters of a path by fields of the lists before them. Null when there is no list for one of them.
    /// </summary>
    public static (string Path, (ApiResource Resource, string Field)? Parent)? Resolve(string path, IReadOnlyList<ApiResource> known)
    {
        var segments = path.Split('/');
        (ApiResource Resource, string Field)? parent = null;
        for (var i = 0; i < segments.Length; i++)
        {
            if (!segments[i].Contains('{', StringComparison.Ordinal)) continue;
            if (!segments[i].StartsWith('{') || !segments[i].EndsWith('}')) return null;
            var list = Shape(path.Split('/')[..i]);
            var found = known.FirstOrDefault(r => Shape(r.Template.TrimEnd('/').Split('/')) == list);
            if (found is null || FieldFor(segments[i][1..^1], found) is not { } field) return null;
            // A child has one parent; fields before it are those of its grandparents.
            if (parent is { } before && !IsAncestor(before.Resource, found)) return null;
            parent = (found, field);
            segments[i] = $"{{resources.{found.Name}.{field}}}";
        }

        return (string.Join('/', segments), parent);
    }

    private static string Shape(IEnumerable<string> segments) => string.Join('/', segments.Select(s => s.StartsWith('{') ? "{}" : s));

    private static bool IsAncestor(ApiResource ancestor, ApiResource resource)
    {
        for (var parent = resource.Parent; parent is { } p; parent = p.Resource.Parent)
            if (p.Resource.Name == ancestor.Name) return true;
        return false;
    }

    /// <summary>The field of a parent: the name of the parameter, its last word (<c>id</c> of <c>order_id</c>), or the key</summary>
    private static string? FieldFor(string parameter, ApiResource parent)
    {
        var name = Names.Snake(parameter);
        string[] wanted = [name, name[(name.LastIndexOf('_') + 1)..]];
        return wanted.Select(w => parent.Record.Fields.FirstOrDefault(f => Names.Snake(f) == w)).FirstOrDefault(f => f is not null)
            ?? parent.Record.Key;
    }
}
