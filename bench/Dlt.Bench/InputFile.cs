using Dlt.Files;

namespace Dlt.Bench;

/// <summary>A generated input of the measurements.</summary>
internal sealed record InputFile(string Name, long Rows, Action<string, long> Write)
{
    public static InputFile[] All { get; } =
    [
        new("A", 2_000_000, EventFiles.WriteFlat),
        new("B", 500_000, EventFiles.WriteNested),
        new("C", 1_000_000, EventFiles.WriteWide),
        new("S", 2_000_000, EventFiles.WriteShuffled),
        new("K", 1_000, EventFiles.WriteFlat),   // a thousand rows: the fixed cost of a load
    ];

    public static InputFile Of(string name) =>
        Array.Find(All, f => f.Name == name) ?? throw new ArgumentException($"There is no file {name}; there are A, B, C, S and K.");

    /// <summary>The file in a folder, written when it is not there.</summary>
    public string In(string folder)
    {
        var path = Path.Combine(folder, Name + ".ndjson");
        if (!File.Exists(path))
        {
            Write(path + ".part", Rows);
            File.Move(path + ".part", path);
        }

        return path;
    }
}
