using Dlt.Iceberg;

namespace Dlt.Destinations.Staging;

/// <summary>Finds the rows that are written in later rounds: notes for each key in which partitions its rows are.</summary>
/// <param name="rounds">Receives the rows of later rounds.</param>
/// <param name="question">What the merge asks about the order of the rows.</param>
/// <param name="isSorted">True when the rows of a file are sorted, so that it does not keep their order either.</param>
/// <param name="temporaryFolder">Folder for keys that do not fit into memory.</param>
internal sealed class KeyPlaces(ArrivalRounds rounds, ArrivalQuestion question, bool isSorted, string temporaryFolder) : IDisposable
{
    /// <summary>
    /// The number of a key is the partition of its rows, or, for <see cref="ArrivalQuestion.Last"/> and once they are in several ones, the
    /// complement of its last row, which is in the second round.
    /// </summary>
    private readonly KeySet _keys = new(temporaryFolder);

    private readonly List<int> _rounds = [];

    /// <summary>Notes a row.</summary>
    /// <param name="key">Hash of its key.</param>
    /// <param name="row">Position of the row.</param>
    /// <param name="place">Number of its partition.</param>
    public void Add(UInt128 key, int row, int place)
    {
        if (_keys.TryAdd(key, place, out var index))
        {
            if (question == ArrivalQuestion.Later) _rounds.Add(0);
            return;
        }

        var number = _keys.NumberOf(index);
        switch (question)
        {
            case ArrivalQuestion.First:
                if (isSorted || number != place) rounds.Set(row, 1);
                break;
            case ArrivalQuestion.Last:
                if (number == place && !isSorted) break;
                if (number < 0) rounds.Reset(~number, 1);
                rounds.Set(row, 1);
                _keys.SetNumber(index, ~row);
                break;
            default:
                if (isSorted || number != place) _rounds[index]++;
                if (_rounds[index] > 0) rounds.Set(row, _rounds[index]);
                _keys.SetNumber(index, place);
                break;
        }
    }

    public void Dispose() => _keys.Dispose();
}
