using System.Collections.Immutable;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Harness;

/// <summary>One golden case: what goes in, and what must come out.</summary>
internal sealed class GoldenCase
{
    private readonly Lazy<JsonValue> _expected;
    private readonly Lazy<ImmutableDictionary<string, byte[]>> _files;

    /// <param name="folder">The golden folder, such as <c>dlt/units</c>.</param>
    /// <param name="unit">The file or group that the case belongs to, such as <c>types</c>.</param>
    /// <param name="id">The name of the case; unique in its folder. For reports only: no rule looks at it.</param>
    /// <param name="input">The case without its expectation.</param>
    /// <param name="expected">Reads the expectation.</param>
    /// <param name="files">Reads the files that go in, by name.</param>
    public GoldenCase(
        string folder, string unit, string id, JsonValue input, Func<JsonValue> expected, Func<ImmutableDictionary<string,
            byte[]>>? files = null)
    {
        (Folder, Unit, Id, Input) = (folder, unit, id, input);
        _expected = new(expected);
        _files = new(files ?? (static () => ImmutableDictionary<string, byte[]>.Empty));
    }

    public string Folder { get; }

    public string Unit { get; }

    public string Id { get; }

    public JsonValue Input { get; }

    public JsonValue Expected => _expected.Value;

    /// <summary>Files of the case by name, such as <c>f.jsonl</c>.</summary>
    public ImmutableDictionary<string, byte[]> Files => _files.Value;

    /// <summary>The kind of the case; empty when the case has none.</summary>
    public string Kind => Input["kind"] is { Kind: JsonKind.String } kind ? kind.AsString() : "";

    public JsonValue? this[string member] => Input[member];

    public bool Is(string unit, string kind) => Folder == UnitFile.Folder && Unit == unit && Kind == kind;

    public GoldenCase WithExpected(JsonValue expected) => new(Folder, Unit, Id, Input, () => expected, () => Files);

    public GoldenCase WithInput(JsonValue input) => new(Folder, Unit, Id, input, () => Expected, () => Files);

    public GoldenCase WithFile(string name, byte[] content) =>
        new(Folder, Unit, Id, Input, () => Expected, () => Files.SetItem(name, content));

    public override string ToString() => $"{Folder} {Id}";
}
