namespace Dlt.Iceberg;

/// <summary>Names a table of a catalog (Iceberg REST catalog specification, TableIdentifier).</summary>
public sealed record TableIdentifier
{
    /// <summary>Names a table.</summary>
    /// <param name="namespace">The namespace: a database of Glue, a folder, or levels with dots between them, such as <c>a.b</c>.</param>
    /// <param name="name">The name within the namespace. It may have dots of its own.</param>
    /// <exception cref="ArgumentException">The namespace or the name is empty.</exception>
    public TableIdentifier(string @namespace, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Namespace = @namespace;
        Name = name;
    }

    /// <summary>The namespace, its levels with dots between them.</summary>
    public string Namespace { get; }

    /// <summary>The name within the namespace.</summary>
    public string Name { get; }

    /// <summary>Namespace and name, with a dot between.</summary>
    public override string ToString() => $"{Namespace}.{Name}";
}
