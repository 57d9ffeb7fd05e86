using System.Text;
using Dlt.Normalize.Rows;

namespace Dlt.Golden.Pipelines;

/// <summary>Records random ids, to distinguish them from fixed ones.</summary>
internal sealed class RecordingIds : IRowIdSource
{
    private readonly RandomRowIds _random = new();

    public HashSet<string> Given { get; } = [];

    public void Next(Span<byte> destination)
    {
        _random.Next(destination);
        Given.Add(Encoding.ASCII.GetString(destination));
    }
}
