namespace Dlt.Configuration;

/// <summary>
/// What is wrong with several records, so that one run tells all of it: fields that are missing, and values of a template that were
/// never filled in.
/// </summary>
internal sealed class SettingProblems(DltConfiguration configuration)
{
    private readonly List<MissingSetting> _missing = [];
    private readonly List<Placeholder> _left = [];
    private bool _isOfDestination;

    public void Add(MissingSetting missing) => _missing.Add(missing);

    /// <param name="placeholder">What was left.</param>
    /// <param name="isOfDestination">True: a local account does not need it.</param>
    public void Add(Placeholder placeholder, bool isOfDestination)
    {
        if (!_left.Contains(placeholder)) _left.Add(placeholder);   // two records may find one value
        _isOfDestination |= isOfDestination;
    }

    /// <param name="hints">What was noticed beside, such as misspelt sections: it may be why a field is missing.</param>
    /// <exception cref="ConfigurationException">There are placeholders, or else missing fields; all of them are named.</exception>
    public void Check(IReadOnlyList<string>? hints = null)
    {
        if (_left.Count > 0) throw Placeholders.Error(_left, _isOfDestination);
        if (_missing.Count > 0) throw new MissingSettings(configuration, _missing).Error(hints ?? []);
    }
}
