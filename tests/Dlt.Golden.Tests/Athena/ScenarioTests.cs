using Dlt.Golden.Harness;
using Xunit;

namespace Dlt.Golden.Athena;

public class ScenarioTests
{
    public static TheoryData<string> Cases => Judge.Ids(AthenaCase.Scenarios());

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    [Scenario("T-02", "catalog_name", "catalog_staging")]
    [Scenario("T-04", "query_result_bucket_no_slash")]
    [Scenario("T-14", "dataset_name_*")]
    [Scenario("T-15", "layout_folders")]
    [Scenario("T-18", "layout_unknown_placeholder")]
    [Scenario("T-22", "hive_all_types", "iceberg_all_types")]
    [Scenario("T-28", "hive_arrow_input")]
    [Scenario("T-32", "hive_new_column")]
    [Scenario("T-35", "partition_all_transforms")]
    [Scenario("T-47", "hive_merge_fallback")]
    [Scenario("T-49", "iceberg_truncate_staging_dataset")]
    [Scenario("T-52", "hive_replace_*", "iceberg_replace_*")]
    [Scenario("T-67", "restore_fresh_machine*")]
    [Scenario("T-69", "restore_two_schemas")]
    [Scenario("T-72", "restore_dataset_gone")]
    [Scenario("T-84", "hive_first_run_*", "hive_replace_plus_append", "hive_new_*")]
    [Scenario("T-85", "iceberg_only_hive_tables_have_data")]
    [Scenario("T-86", "fault_job_commit_conflict", "fault_job_internal", "fault_job_bad_data", "fault_job_cancelled")]
    [Scenario("T-87", "fault_merge_middle")]
    [Scenario("T-88", "fault_job_start_*", "fault_job_transient_forever")]
    [Scenario("T-89", "fault_create_table", "fault_table_already_exists", "fault_version_row", "fault_commit_row*")]
    [Scenario("T-90", "layout_*", "bucket_url_root")]
    [Scenario("T-91", "refresh_*", "drop_command_all")]
    [Scenario("T-94", "merge_switch_dispositions")]
    [Scenario("X-10", "partition_camel_case")]
    [Scenario("X-18", "staging_dataset_layout_same")]
    [Scenario("X-19", "fault_database_exists")]
    [Scenario("X-30", "fault_*")]
    public void Runs_leave_what_dlt_leaves(string id) =>
        Judge.Run(AthenaCase.Load(id), golden => ScenarioRunner.CheckAsync(golden).GetAwaiter().GetResult());
}
