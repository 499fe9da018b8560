<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Crashdesk</source>
        <translation>关于 Crashdesk</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
    <message>
        <source>Copies the versions and the end of the log, without keys, paths or names of stores</source>
        <translation>复制版本信息和日志末尾，不含密钥、路径或存储库名称</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>The log is in {0}.</source>
        <translation>日志位于 {0}。</translation>
    </message>
    <message>
        <source>The log will be in {0}.</source>
        <translation>日志将位于 {0}。</translation>
    </message>
    <message>
        <source>The crash-recovery desk for trading bots.</source>
        <translation>交易机器人的崩溃恢复操作台。</translation>
    </message>
    <message>
        <source>Free software under the MIT licence.</source>
        <translation>自由软件，采用 MIT 许可证。</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>AccountForm</name>
    <message>
        <source>Sandbox: play money</source>
        <translation>模拟盘：虚拟资金</translation>
    </message>
    <message>
        <source>LIVE account: real money</source>
        <translation>实盘账户：真实资金</translation>
    </message>
    <message>
        <source>swap (perpetual contracts)</source>
        <translation>swap（永续合约）</translation>
    </message>
    <message>
        <source>spot</source>
        <translation>spot（现货）</translation>
    </message>
    <message>
        <source>future (contracts that expire)</source>
        <translation>future（交割合约）</translation>
    </message>
    <message>
        <source>A name of your own, such as main</source>
        <translation>自定名称，例如 main</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Market type</source>
        <translation>市场类型</translation>
    </message>
    <message>
        <source>Money</source>
        <translation>资金</translation>
    </message>
    <message>
        <source>LIVE: this is real money. What you approve in a recovery is sent to the real exchange.</source>
        <translation>实盘：这是真实资金。您在恢复中批准的内容会发送到真实的交易所。</translation>
    </message>
    <message>
        <source>ccxt knows no sandbox of this exchange, and its live account is never used in place of one. Choose LIVE on purpose, or another exchange.</source>
        <translation>ccxt 中该交易所没有模拟盘，而实盘账户绝不会被用来代替它。请有意识地选择实盘，或选择其他交易所。</translation>
    </message>
    <message>
        <source>Sandbox: the exchange&apos;s own test system. The keys must be made there; no real money is touched.</source>
        <translation>模拟盘：交易所自己的测试系统。密钥须在那里创建；不涉及真实资金。</translation>
    </message>
</context>
<context>
    <name>Activity</name>
    <message>
        <source>checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>intent</source>
        <translation>意图</translation>
    </message>
    <message>
        <source>outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>dead man&apos;s switch</source>
        <translation>失联保护</translation>
    </message>
    <message>
        <source>start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Changes after it</source>
        <translation>其后的变更数</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>Last change of the journal</source>
        <translation>流水日志最后一项变更</translation>
    </message>
    <message>
        <source>Evidence then</source>
        <translation>当时的证据</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>Account mode</source>
        <translation>账户模式</translation>
    </message>
    <message>
        <source>Newest checkpoint</source>
        <translation>最新检查点</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Restored checkpoint</source>
        <translation>恢复所用的检查点</translation>
    </message>
    <message>
        <source>Request sent</source>
        <translation>已发送请求</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>交易对</translation>
    </message>
    <message>
        <source>State of, UNIX nanoseconds</source>
        <translation>状态时间（UNIX 纳秒）</translation>
    </message>
    <message>
        <source>Trigger price</source>
        <translation>触发价</translation>
    </message>
    <message>
        <source>Verdict then</source>
        <translation>当时的判定</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>撤单</translation>
    </message>
    <message>
        <source>adopt</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>leave</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已撤单</translation>
    </message>
    <message>
        <source>already closed</source>
        <translation>先前已关闭</translation>
    </message>
    <message>
        <source>filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>changed, not touched</source>
        <translation>已变化，未处理</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>adopted</source>
        <translation>已接管</translation>
    </message>
    <message>
        <source>left</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>still open</source>
        <translation>仍是挂单</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
</context>
<context>
    <name>ActivityPage</name>
    <message>
        <source>Filter by text, order or operator</source>
        <translation>按文字、订单或操作员筛选</translation>
    </message>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>所有类别</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>The audit log belongs to a store: who decided what, when, and what came of it.</source>
        <translation>审计日志属于存储库：谁在何时作了什么决定，结果如何。</translation>
    </message>
    <message>
        <source>No store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>Reading the store…</source>
        <translation>正在读取存储库…</translation>
    </message>
    <message>
        <source>The audit log cannot be read: {0} The checkpoints are not affected.</source>
        <translation>无法读取审计日志：{0} 检查点不受影响。</translation>
    </message>
    <message>
        <source>Nothing has been decided or recovered in this store yet.</source>
        <translation>此存储库中尚未作出任何决定，也未进行过恢复。</translation>
    </message>
    <message>
        <source>Choose an entry in the table.</source>
        <translation>请在表格中选择一个条目。</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>方案</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n 条记录</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>Reading the audit log</source>
        <translation>正在读取审计日志</translation>
    </message>
</context>
<context>
    <name>Amounts</name>
    <message>
        <source>{0} contract</source>
        <translation>{0} 张合约</translation>
    </message>
    <message>
        <source>{0} contracts</source>
        <translation>{0} 张合约</translation>
    </message>
    <message>
        <source>{0} contract ({1} {2})</source>
        <translation>{0} 张合约（{1} {2}）</translation>
    </message>
    <message>
        <source>{0} contracts ({1} {2})</source>
        <translation>{0} 张合约（{1} {2}）</translation>
    </message>
</context>
<context>
    <name>Answering</name>
    <message>
        <source>{0} is open in another window of Crashdesk too. Both may look; only one of them can carry out a recovery at a time.</source>
        <translation>{0} 也在另一个 Crashdesk 窗口中打开。两者都可以查看；同一时间只有一个可以执行恢复。</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Act on this message</source>
        <translation>处理此消息</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭消息</translation>
    </message>
</context>
<context>
    <name>BreakingLabel</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>CancellationController</name>
    <message>
        <source>Cancel {0} on {1}?</source>
        <translation>撤掉 {1}上的 {0}？</translation>
    </message>
    <message>
        <source>Each order is read again first; one that changed since it was shown is not touched. A cancelled order loses its place in the queue for good.</source>
        <translation>每个订单都会先重新读取；显示之后有变化的订单不会被处理。被撤单的订单将永久失去其排队位置。</translation>
    </message>
    <message>
        <source>Cancel {0} and recover</source>
        <translation>撤掉 {0}并恢复</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>返回</translation>
    </message>
    <message numerus="yes">
        <source>%n more position(s) lose stops.</source>
        <translation>
            <numerusform>另有 %n 个持仓失去止损。</numerusform>
        </translation>
    </message>
    <message>
        <source>No longer open, and removed from the saved state: {0}.</source>
        <translation>已不再是挂单、并从保存的状态中移除：{0}。</translation>
    </message>
    <message numerus="yes">
        <source>Recover, and leave %n of the bot&apos;s own orders unknown to it?</source>
        <translation>
            <numerusform>恢复，并让机器人不知道自己的 %n 个订单？</numerusform>
        </translation>
    </message>
    <message>
        <source>To decide, go back to the orphan orders.</source>
        <translation>要作决定，请返回孤立订单页。</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Remaining / amount</source>
        <translation>剩余 / 数量</translation>
    </message>
    <message>
        <source>Order id</source>
        <translation>订单编号</translation>
    </message>
    <message>
        <source>Protects a position: {0}.</source>
        <translation>保护持仓：{0}。</translation>
    </message>
    <message>
        <source>This is the LIVE account: real money.</source>
        <translation>这是实盘账户：真实资金。</translation>
    </message>
    <message>
        <source>Adopted into the recovered state, and not cancelled: {0}</source>
        <translation>接管到恢复后的状态，不会撤单：{0}</translation>
    </message>
    <message>
        <source>Left on the exchange, and remembered: {0}.</source>
        <translation>保留在交易所并记住：{0}。</translation>
    </message>
    <message numerus="yes">
        <source>Changed since, and saved as on the exchange now: %n position(s).</source>
        <translation>
            <numerusform>其后有变化、按交易所当前情况保存：%n 个持仓。</numerusform>
        </translation>
    </message>
    <message>
        <source>Recover without them</source>
        <translation>不含它们，继续恢复</translation>
    </message>
    <message>
        <source>Do not recover yet</source>
        <translation>暂不恢复</translation>
    </message>
    <message>
        <source>protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>not ours</source>
        <translation>非本机器人</translation>
    </message>
    <message>
        <source>cannot tell whose</source>
        <translation>归属不明</translation>
    </message>
    <message>
        <source>Protects a position: {0}. Without it the position stands unprotected.</source>
        <translation>保护持仓：{0}。没有它，该持仓将失去保护。</translation>
    </message>
    <message>
        <source>Not ours: {0}. A person or another program placed it.</source>
        <translation>非本机器人：{0}。由人工或其他程序下单。</translation>
    </message>
    <message>
        <source>Nobody can tell whose: {0}.</source>
        <translation>无法判断归属：{0}。</translation>
    </message>
    <message>
        <source>That is more than {0} orders at once.</source>
        <translation>一次超过 {0} 个订单。</translation>
    </message>
</context>
<context>
    <name>ChangeTexts</name>
    <message>
        <source>account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>position</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>{0} {1} at {2}, {3} filled, {4}</source>
        <translation>{0} {1}，价格 {2}，已成交 {3}，{4}</translation>
    </message>
    <message>
        <source>{0} {1} at {2}</source>
        <translation>{0} {1}，均价 {2}</translation>
    </message>
    <message>
        <source>equity {0}, balance {1}</source>
        <translation>权益 {0}，余额 {1}</translation>
    </message>
    <message numerus="yes">
        <source>%n byte(s)</source>
        <translation>
            <numerusform>%n 字节</numerusform>
        </translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已平仓</translation>
    </message>
    <message>
        <source>no longer open</source>
        <translation>不再挂单</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Since then</source>
        <translation>此后为</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, and the recovery of {0} took all of it into account. The journal keeps nothing of it any more.</source>
        <translation>
            <numerusform>此检查点之后有 %n 项变更，{0} 的恢复已全部计入。流水日志已不再保留这些变更。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, the last at {0}.</source>
        <translation>
            <numerusform>此检查点之后有 %n 项变更，最后一项在 {0}。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint. The recovery of {0} started from the checkpoint alone.</source>
        <translation>
            <numerusform>此检查点之后有 %n 项变更。{0} 的恢复仅以检查点本身为起点。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) came after this checkpoint, the last at {0}. The recovery of {1} took all of it into account.</source>
        <translation>
            <numerusform>此检查点之后有 %n 项变更，最后一项在 {0}。{1} 的恢复已全部计入。</numerusform>
        </translation>
    </message>
    <message>
        <source>The journal keeps the changes behind the newest two checkpoints, and those that a recovery started from. It keeps none of this one.</source>
        <translation>流水日志保留最新两个检查点之后的变更，以及恢复所依据的变更；此检查点之后的变更已不再保留。</translation>
    </message>
    <message>
        <source>Nothing was journalled after this checkpoint.</source>
        <translation>此检查点之后流水日志没有任何变更。</translation>
    </message>
    <message>
        <source>Nothing was journalled after this checkpoint. The recovery of {0} started from it alone.</source>
        <translation>此检查点之后流水日志没有任何变更。{0} 的恢复仅以此检查点为起点。</translation>
    </message>
    <message>
        <source>Saved by a recovery from checkpoint {0}.</source>
        <translation>由一次恢复保存，起点为检查点 {0}。</translation>
    </message>
    <message numerus="yes">
        <source>Saved by a recovery from checkpoint {0} and %n change(s) after it.</source>
        <translation>
            <numerusform>由一次恢复保存，起点为检查点 {0} 及其后的 %n 项变更。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ChangesView</name>
    <message>
        <source>Export the changes</source>
        <translation>导出变更</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>Back to the details</source>
        <translation>返回详情</translation>
    </message>
    <message>
        <source>Changes after checkpoint {0}</source>
        <translation>检查点 {0} 之后的变更</translation>
    </message>
    <message>
        <source>Changes as {0}…</source>
        <translation>变更导出为 {0}…</translation>
    </message>
</context>
<context>
    <name>ChartBoard</name>
    <message>
        <source>Charts of positions, equity and PnL</source>
        <translation>持仓、权益和盈亏图表</translation>
    </message>
    <message>
        <source>no checkpoint for {0}</source>
        <translation>{0}没有检查点</translation>
    </message>
    <message>
        <source>nothing is known for {0}</source>
        <translation>情况不明已有 {0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>现在 {0}</translation>
    </message>
    <message>
        <source>before the first checkpoint</source>
        <translation>第一个检查点之前</translation>
    </message>
    <message>
        <source>checkpoint {0} + {1}</source>
        <translation>检查点 {0} + {1}</translation>
    </message>
    <message>
        <source>after the last checkpoint, {0}</source>
        <translation>最后一个检查点之后，{0}</translation>
    </message>
    <message>
        <source>no checkpoint here, the last was {0}</source>
        <translation>此处没有检查点，最近的是 {0}</translation>
    </message>
    <message>
        <source>checkpoint {0}</source>
        <translation>检查点 {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n 项变更</numerusform>
        </translation>
    </message>
    <message>
        <source>checkpoint {0} + {1}, from which a recovery started</source>
        <translation>检查点 {0} + {1}，恢复以此为起点</translation>
    </message>
    <message>
        <source>no checkpoint here, the last was {0} + {1}</source>
        <translation>此处没有检查点，最后一个为 {0} + {1}</translation>
    </message>
    <message>
        <source>last known state: {0} without a checkpoint</source>
        <translation>最后已知状态：{0}，没有检查点</translation>
    </message>
    <message>
        <source>last known state: checkpoint {0}</source>
        <translation>最后已知状态：检查点 {0}</translation>
    </message>
    <message>
        <source>last known state: checkpoint {0} + {1}</source>
        <translation>最后已知状态：检查点 {0} + {1}</translation>
    </message>
</context>
<context>
    <name>CheckpointActions</name>
    <message numerus="yes">
        <source>Verifying %n checkpoint(s)</source>
        <translation>
            <numerusform>正在校验 %n 个检查点</numerusform>
        </translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation>正在校验</translation>
    </message>
    <message numerus="yes">
        <source>Pinning %n checkpoint(s)</source>
        <translation>
            <numerusform>正在固定 %n 个检查点</numerusform>
        </translation>
    </message>
    <message>
        <source>Pinning</source>
        <translation>正在固定</translation>
    </message>
    <message>
        <source>No file manager could be opened. The file is {0}</source>
        <translation>无法打开文件管理器。文件位于 {0}</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) failed the check</source>
        <translation>
            <numerusform>%n 个检查点未通过校验</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) cannot be checked here.</source>
        <translation>
            <numerusform>%n 个检查点无法在此检查。</numerusform>
        </translation>
    </message>
    <message>
        <source>Checkpoint {0} is intact: CRC-32 {1} by both implementations, every record readable.</source>
        <translation>检查点 {0} 完好：两种实现的 CRC-32 均为 {1}，每条记录均可读取。</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) are gone; retention may have removed them. All others are intact.</source>
        <translation>
            <numerusform>%n 个检查点已不存在，可能已被保留策略清理。其余全部完好。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s) are intact by both checksum implementations.</source>
        <translation>
            <numerusform>两种校验和实现均确认 %n 个检查点完好。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CheckpointChoiceTexts</name>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Integrity</source>
        <translation>完整性</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>距今</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>触发原因</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Why it is, or is not, proposed</source>
        <translation>推荐或不推荐的理由</translation>
    </message>
    <message>
        <source>journal</source>
        <translation>流水日志</translation>
    </message>
    <message>
        <source>newer version</source>
        <translation>较新版本</translation>
    </message>
    <message>
        <source>intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>unusable</source>
        <translation>不可用</translation>
    </message>
    <message numerus="yes">
        <source>proposed: %n change(s), no checkpoint</source>
        <translation>
            <numerusform>推荐：%n 项变更，无检查点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>proposed, with %n later change(s)</source>
        <translation>
            <numerusform>推荐，含其后的 %n 项变更</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed: the newest valid one</source>
        <translation>推荐：最新的有效检查点</translation>
    </message>
    <message>
        <source>as it was, without later changes</source>
        <translation>保持原样，不含其后的变更</translation>
    </message>
</context>
<context>
    <name>CheckpointDetails</name>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Keep for ever (pin)</source>
        <translation>永久保留（固定）</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Recover from this…</source>
        <translation>从此处恢复…</translation>
    </message>
    <message>
        <source>Against the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Parts of the checkpoint</source>
        <translation>检查点的组成部分</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Positions of the checkpoint</source>
        <translation>检查点中的持仓</translation>
    </message>
    <message>
        <source>Orders of the checkpoint</source>
        <translation>检查点中的订单</translation>
    </message>
    <message>
        <source>Strategies of the checkpoint</source>
        <translation>检查点中的策略</translation>
    </message>
    <message>
        <source>Verify the file</source>
        <translation>校验文件</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>This is not the last known state: that is checkpoint {0}.</source>
        <translation>这不是最后已知状态：最后已知状态是检查点 {0}。</translation>
    </message>
    <message>
        <source>Keep no longer (unpin)</source>
        <translation>不再保留（取消固定）</translation>
    </message>
    <message>
        <source>A corrupt checkpoint cannot be recovered from</source>
        <translation>无法从损坏的检查点恢复</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Strategies</source>
        <translation>策略</translation>
    </message>
</context>
<context>
    <name>CheckpointMenu</name>
    <message>
        <source>Recover from this…</source>
        <translation>从此处恢复…</translation>
    </message>
    <message>
        <source>Against the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Keep no longer (unpin)</source>
        <translation>不再保留（取消固定）</translation>
    </message>
    <message>
        <source>Keep for ever (pin)</source>
        <translation>永久保留（固定）</translation>
    </message>
    <message>
        <source>Verify the file</source>
        <translation>校验文件</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>复制行</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Checkpoint as JSON…</source>
        <translation>检查点另存为 JSON…</translation>
    </message>
    <message>
        <source>Its positions as CSV…</source>
        <translation>其中持仓另存为 CSV…</translation>
    </message>
    <message>
        <source>Its orders as CSV…</source>
        <translation>其中订单另存为 CSV…</translation>
    </message>
</context>
<context>
    <name>CheckpointModel</name>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Integrity</source>
        <translation>完整性</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>距今</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>触发原因</translation>
    </message>
    <message>
        <source>pinned</source>
        <translation>已固定</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Against the equity of the checkpoint before</source>
        <translation>与前一个检查点的权益相比</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已固定</translation>
    </message>
</context>
<context>
    <name>CheckpointStep</name>
    <message>
        <source>Checkpoints to recover from</source>
        <translation>可用于恢复的检查点</translation>
    </message>
    <message>
        <source>Older checkpoints: choose one in History, then “Recover from this…”</source>
        <translation>更早的检查点：请在“历史”中选择，然后点击“从此处恢复…”</translation>
    </message>
    <message>
        <source>No checkpoint can be used</source>
        <translation>没有可用的检查点</translation>
    </message>
    <message>
        <source>This store holds no checkpoint</source>
        <translation>此存储库中没有检查点</translation>
    </message>
    <message>
        <source>The comparison starts from an empty state: every open order counts as an orphan.</source>
        <translation>对比从空状态开始：每个挂单都视为孤立订单。</translation>
    </message>
    <message>
        <source>Checkpoint {0} cannot be used</source>
        <translation>检查点 {0} 不可用</translation>
    </message>
    <message>
        <source>Recover from checkpoint {0}, {1}</source>
        <translation>从检查点 {0} 恢复，{1}</translation>
    </message>
    <message>
        <source>This is not the last known state: the checkpoint is taken as it was, without later changes. Orders that the bot placed after it will be found as orphans.</source>
        <translation>这不是最后已知状态：检查点按原样采用，不含其后的变更。机器人在其后所下的订单将被识别为孤立订单。</translation>
    </message>
    <message>
        <source>Recover from the last known state, {0}</source>
        <translation>从最后已知状态恢复，{0}</translation>
    </message>
    <message>
        <source>Something may be missing: {0}. What the exchange says decides.</source>
        <translation>可能有所缺失：{0}。以交易所的数据为准。</translation>
    </message>
    <message>
        <source>Recover from the last known state: checkpoint {0}, {1}</source>
        <translation>从最后已知状态恢复：检查点 {0}，{1}</translation>
    </message>
    <message>
        <source>Recover from the last known state: checkpoint {0} + {1}, {2}</source>
        <translation>从最后已知状态恢复：检查点 {0} + {1}，{2}</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n 项变更</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It was put together from the journal alone: %n change(s), the last of {0}.</source>
        <translation>
            <numerusform>仅由流水日志拼合而成：%n 项变更，最后一项为 {0}。</numerusform>
        </translation>
    </message>
    <message>
        <source>No checkpoint can be used.</source>
        <translation>没有可用的检查点。</translation>
    </message>
    <message>
        <source>What the exchange says decides.</source>
        <translation>以交易所的数据为准。</translation>
    </message>
    <message>
        <source>The checkpoint is the newest one, and it passed every check.</source>
        <translation>该检查点是最新的，并通过了所有校验。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>The checkpoint is the newest one that passed every check. Newer, and not usable: {0}</source>
        <translation>该检查点是通过所有校验的最新一个。更新但不可用的有：{0}</translation>
    </message>
    <message>
        <source>The journal&apos;s later changes are included, the last of {0}: orders {1}, positions {2}.</source>
        <translation>已包含流水日志中其后的变更，最后一项为 {0}：订单 {1}，持仓 {2}。</translation>
    </message>
</context>
<context>
    <name>CheckpointSummary</name>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>流水日志</translation>
    </message>
    <message>
        <source>Show the changes</source>
        <translation>显示这些变更</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Written by a newer version of Crashdesk</source>
        <translation>由较新版本的 Crashdesk 写入</translation>
    </message>
    <message>
        <source>It is not damaged; this version cannot read it. Use the version of Crashdesk that wrote it.</source>
        <translation>文件没有损坏；只是此版本无法读取。请使用写入它的 Crashdesk 版本。</translation>
    </message>
    <message>
        <source>Recovery passes over this file and takes the newest one that is intact. Nothing in it is trusted, so nothing of it is shown.</source>
        <translation>恢复会跳过此文件，采用最新的完好检查点。其中内容均不可信，因此不予显示。</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Margin used</source>
        <translation>已用保证金</translation>
    </message>
    <message>
        <source>Unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>ZQCK version {0}</source>
        <translation>ZQCK 版本 {0}</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>文件头</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>CRC-32</source>
        <translation>CRC-32</translation>
    </message>
    <message>
        <source>State of</source>
        <translation>状态时间</translation>
    </message>
</context>
<context>
    <name>CheckpointTexts</name>
    <message>
        <source>periodic</source>
        <translation>定时</translation>
    </message>
    <message>
        <source>trade</source>
        <translation>成交</translation>
    </message>
    <message>
        <source>manual</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>recovered</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>end</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>start, recovered</source>
        <translation>启动，已恢复</translation>
    </message>
    <message>
        <source>start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>not noted</source>
        <translation>未记录</translation>
    </message>
    <message>
        <source>The bot saves at regular intervals.</source>
        <translation>机器人定时保存。</translation>
    </message>
    <message>
        <source>The bot saved because of a trade.</source>
        <translation>机器人因一笔成交而保存。</translation>
    </message>
    <message>
        <source>The bot&apos;s program asked for it; nobody made it by hand.</source>
        <translation>由机器人程序请求保存，并非有人手动创建。</translation>
    </message>
    <message>
        <source>A recovery by an operator saved it.</source>
        <translation>由操作员的恢复保存。</translation>
    </message>
    <message>
        <source>The bot saved it as it ended in order.</source>
        <translation>机器人正常结束时保存。</translation>
    </message>
    <message>
        <source>The bot saved it as it started, when it had compared what it knew with the exchange.</source>
        <translation>机器人启动时，将已知状态与交易所比对后保存。</translation>
    </message>
    <message>
        <source>The bot saved it as it started.</source>
        <translation>机器人启动时保存。</translation>
    </message>
    <message>
        <source>The journal does not tell why it was made.</source>
        <translation>流水日志没有说明为何保存。</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>newer version</source>
        <translation>较新版本</translation>
    </message>
    <message>
        <source>Checkpoint {0}</source>
        <translation>检查点 {0}</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>命令面板</translation>
    </message>
    <message>
        <source>Type a command…</source>
        <translation>输入命令…</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>No command that can be given now has these letters: {0}</source>
        <translation>目前可用的命令中没有包含这些字母的：{0}</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>存储库</translation>
    </message>
    <message>
        <source>Compare with the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Read the exchange again and compare it with what is known; this changes nothing</source>
        <translation>重新读取交易所，并与已知情况对比；不会改变任何内容</translation>
    </message>
    <message>
        <source>Go to the button that stands out on the page, and press it unless it acts at once</source>
        <translation>转到本页最醒目的按钮，除非它会立即执行，否则按下它</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Open a store…</source>
        <translation>打开存储库…</translation>
    </message>
    <message>
        <source>Open the directory where a bot keeps its checkpoints</source>
        <translation>打开机器人存放检查点的目录</translation>
    </message>
    <message>
        <source>Connect an exchange…</source>
        <translation>连接交易所…</translation>
    </message>
    <message>
        <source>Choose the exchange of this store and where its keys are</source>
        <translation>选择此存储库的交易所及其密钥来源</translation>
    </message>
    <message>
        <source>Try the demonstration</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>Handle an incident on an embedded exchange, without an account</source>
        <translation>在内置交易所上处理一次事故，无需账户</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Verify all checkpoints</source>
        <translation>校验所有检查点</translation>
    </message>
    <message>
        <source>Read every checkpoint and check its CRC in two ways</source>
        <translation>读取每个检查点，并用两种方式校验其 CRC</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Take the store out of the list; its files stay as they are</source>
        <translation>将存储库移出列表；其文件保持不变</translation>
    </message>
    <message>
        <source>The page&apos;s next step</source>
        <translation>本页的下一步</translation>
    </message>
    <message>
        <source>Filter this page</source>
        <translation>筛选此页</translation>
    </message>
    <message>
        <source>Command palette…</source>
        <translation>命令面板…</translation>
    </message>
    <message>
        <source>Times in local time</source>
        <translation>以本地时间显示</translation>
    </message>
    <message>
        <source>Compact rows</source>
        <translation>紧凑行距</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>About Crashdesk</source>
        <translation>关于 Crashdesk</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <comment>language</comment>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Show the desk in this language from now on</source>
        <translation>从现在起以此语言显示操作台</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Store</source>
        <translation>存储库(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Recent stores</source>
        <translation>最近的存储库</translation>
    </message>
</context>
<context>
    <name>CompareStep</name>
    <message>
        <source>Coverage by scope</source>
        <translation>各范围的覆盖情况</translation>
    </message>
    <message>
        <source>What was read, and what was found</source>
        <translation>读取的内容及结果</translation>
    </message>
    <message>
        <source>{0}, account {1}, read at {2}.</source>
        <translation>{0}，账户 {1}，读取于 {2}。</translation>
    </message>
    <message>
        <source>How far its clock is from ours could not be measured.</source>
        <translation>无法测量其时钟与本机的偏差。</translation>
    </message>
    <message>
        <source>Its clock differs from ours by {0} ms.</source>
        <translation>其时钟与本机相差 {0} 毫秒。</translation>
    </message>
    <message>
        <source>No checkpoint could be used: what was known comes from the journal alone.</source>
        <translation>没有可用的检查点：已知内容仅来自流水日志。</translation>
    </message>
    <message>
        <source>Look whether the keys are those of the right account.</source>
        <translation>请检查密钥是否属于正确的账户。</translation>
    </message>
    <message>
        <source>Something may be missing in what was known: {0}.</source>
        <translation>已知内容中可能有所缺失：{0}。</translation>
    </message>
    <message>
        <source>{0} of {1} scopes were read.</source>
        <translation>已读取 {0} / {1} 个范围。</translation>
    </message>
    <message>
        <source>{0} of {1} scopes were read, not these: {2}. What is in them is unknown, and stays in the recovered state as it was known.</source>
        <translation>已读取 {0} / {1} 个范围，未读取：{2}。其中的内容未知，在恢复的状态里保持已知的样子。</translation>
    </message>
</context>
<context>
    <name>ComparedWords</name>
    <message>
        <source>✕ This may be another account: no position that the store knows is there</source>
        <translation>✕ 这可能是另一个账户：存储库所知的持仓一个都不在</translation>
    </message>
    <message>
        <source>✕ This may be another account: it knows nothing of what the store knows</source>
        <translation>✕ 这可能是另一个账户：存储库已知的内容，它一无所知</translation>
    </message>
    <message>
        <source>! Not everything was read; nothing changed in what was</source>
        <translation>! 未能全部读取；已读部分没有变化</translation>
    </message>
    <message>
        <source>! Not everything was read; in what was: {0}</source>
        <translation>! 未能全部读取；已读部分：{0}</translation>
    </message>
    <message>
        <source>? Everything was read, but what became of some orders cannot be told</source>
        <translation>? 已全部读取，但部分订单的去向无法判断</translation>
    </message>
    <message>
        <source>✓ The exchange agrees with what was known</source>
        <translation>✓ 交易所与已知情况一致</translation>
    </message>
    <message numerus="yes">
        <source>%n position(s) changed</source>
        <translation>
            <numerusform>%n 个持仓有变化</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known order(s) changed or over</source>
        <translation>
            <numerusform>%n 个已知订单有变化或已结束</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s) to decide on</source>
        <translation>
            <numerusform>%n 个孤立订单待决定</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ComparisonStates</name>
    <message>
        <source>No store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>Open the directory in which your bot keeps its checkpoints.</source>
        <translation>请打开机器人存放检查点的目录。</translation>
    </message>
    <message>
        <source>The bot runs</source>
        <translation>机器人正在运行</translation>
    </message>
    <message>
        <source>The store is held by {0}. A recovery can begin once it has stopped.</source>
        <translation>存储库被 {0} 占用。待其停止后才能开始恢复。</translation>
    </message>
    <message>
        <source>An operator is at work</source>
        <translation>操作员正在工作</translation>
    </message>
    <message>
        <source>The store is held by an operator at another desk: {0}. A recovery can begin once that work has ended.</source>
        <translation>存储库被另一操作台的操作员占用：{0}。待其工作结束后才能开始恢复。</translation>
    </message>
    <message>
        <source>No exchange is connected</source>
        <translation>未连接交易所</translation>
    </message>
    <message>
        <source>What rests on the exchange is unknown until it is read. Reading changes nothing there.</source>
        <translation>读取之前，交易所上的挂单情况未知。读取不会改变那里的任何内容。</translation>
    </message>
    <message>
        <source>Connect an exchange…</source>
        <translation>连接交易所…</translation>
    </message>
    <message>
        <source>Not compared yet</source>
        <translation>尚未对比</translation>
    </message>
    <message>
        <source>Compare the last known state with the exchange to find the orders that the bot does not know. Comparing only reads.</source>
        <translation>将最后已知状态与交易所对比，找出机器人不知道的订单。对比只进行读取。</translation>
    </message>
    <message>
        <source>Compare with the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Compare again before you decide</source>
        <translation>请先重新比对，再作决定</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>重新对比</translation>
    </message>
    <message>
        <source>Whether there are orphan orders is not known</source>
        <translation>是否存在孤立订单尚不清楚</translation>
    </message>
    <message>
        <source>No open orders could be read from {0}. Orders may rest there and fill without the bot.</source>
        <translation>无法从 {0} 读取任何挂单。那里可能仍有挂单，并在没有机器人的情况下成交。</translation>
    </message>
    <message>
        <source>Compare again; until it answers, look at the account on the exchange&apos;s own site.</source>
        <translation>请重新对比；在其响应之前，请在交易所官网查看账户。</translation>
    </message>
    <message>
        <source>No orphan orders</source>
        <translation>没有孤立订单</translation>
    </message>
    <message>
        <source>Every order that is open on {0} is known to {1}. All {2} scopes were read at {3}.</source>
        <translation>{0} 上的每个挂单都为{1}所知。全部 {2} 个范围已于 {3} 读取。</translation>
    </message>
    <message>
        <source>No orphan orders in what could be read</source>
        <translation>在可读取的内容中没有孤立订单</translation>
    </message>
    <message>
        <source>{0} of {1} scopes were read at {2}. There may be orphan orders in the others:

{3}</source>
        <translation>{2} 读取了 {0} / {1} 个范围。其余范围中可能存在孤立订单：

{3}</translation>
    </message>
</context>
<context>
    <name>ConfirmDestructive</name>
    <message>
        <source>Attention</source>
        <translation>请注意</translation>
    </message>
    <message>
        <source>What will be affected</source>
        <translation>将受影响的内容</translation>
    </message>
    <message>
        <source>Type {0}, the number of orders to cancel:</source>
        <translation>请输入要撤单的订单数 {0}：</translation>
    </message>
    <message>
        <source>Type {0} to confirm:</source>
        <translation>输入 {0} 以确认：</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Wanted is {0}; {1} was typed.</source>
        <translation>应输入 {0}，输入的是 {1}。</translation>
    </message>
    <message>
        <source>Type {0} first.</source>
        <translation>请先输入 {0}。</translation>
    </message>
</context>
<context>
    <name>Connect</name>
    <message>
        <source>LIVE</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>This store belongs to {0}, and you chose {1}. The desk will not compare them, so that no order of another account is touched. If the store really moved, change its store.toml.</source>
        <translation>此存储库属于 {0}，而您选择了 {1}。操作台不会对比它们，以免触及其他账户的订单。如果存储库确实已迁移，请修改其 store.toml。</translation>
    </message>
    <message>
        <source>Will be read: {0}.</source>
        <translation>将读取：{0}。</translation>
    </message>
    <message>
        <source>This exchange lists open orders per symbol only. Orders of symbols that the bot never knew stay unseen.</source>
        <translation>该交易所只能按交易对列出挂单。机器人从未知晓的交易对的订单无法看到。</translation>
    </message>
    <message>
        <source>Cannot be read, and counts as unknown: {0}. {1}.</source>
        <translation>无法读取，视为未知：{0}。{1}。</translation>
    </message>
    <message>
        <source>The account was read: equity {0} {1}.</source>
        <translation>账户已读取：权益 {0} {1}。</translation>
    </message>
    <message>
        <source>What this key may do is not known: {0}. Look it up at the exchange, and make sure that it cannot withdraw.</source>
        <translation>此密钥的权限未知：{0}。请在交易所查看，并确保它不能提币。</translation>
    </message>
    <message>
        <source>The key may read, and cancel orders.</source>
        <translation>此密钥可以读取和撤单。</translation>
    </message>
    <message>
        <source>The key can only read. You can review, adopt and leave orders with it; you cannot cancel any.</source>
        <translation>此密钥只能读取。您可以用它审阅、接管和保留订单，但不能撤单。</translation>
    </message>
    <message>
        <source>Whether the key may cancel orders is not known: {0}.</source>
        <translation>此密钥能否撤单未知：{0}。</translation>
    </message>
    <message>
        <source>The key may withdraw money. Do not use such a key here: make one that can trade and cannot withdraw.</source>
        <translation>此密钥可以提币。请勿在此使用这种密钥：请创建一个可以交易但不能提币的密钥。</translation>
    </message>
    <message>
        <source>The key cannot withdraw money.</source>
        <translation>此密钥不能提币。</translation>
    </message>
    <message>
        <source>Whether the key may withdraw money is not known. Make sure.</source>
        <translation>此密钥能否提币未知。请务必确认。</translation>
    </message>
    <message>
        <source>The key works from listed addresses only.</source>
        <translation>此密钥只能从名单内的地址使用。</translation>
    </message>
    <message>
        <source>The key works from any address. Bind it to this machine&apos;s.</source>
        <translation>此密钥可从任意地址使用。请绑定到本机地址。</translation>
    </message>
    <message>
        <source>Read: {0}.</source>
        <translation>已读取：{0}。</translation>
    </message>
    <message>
        <source>Not read, and counts as unknown: {0}. {1}.</source>
        <translation>未读取，视为未知：{0}。{1}。</translation>
    </message>
    <message>
        <source>The account was read, but its keys could not be kept: the system keyring cannot be used ({0}). To connect for this run only, do not keep them.</source>
        <translation>账户已读取，但密钥无法保存：系统密钥环不可用（{0}）。若只在本次运行中连接，请不要勾选保存。</translation>
    </message>
    <message>
        <source>This machine&apos;s words: {0}</source>
        <translation>本机的原话：{0}</translation>
    </message>
    <message>
        <source>The exchange&apos;s words: {0}</source>
        <translation>交易所原文：{0}</translation>
    </message>
    <message>
        <source>The system keyring cannot be used ({0}). Nothing was sent. You can also choose another source of the keys.</source>
        <translation>系统密钥环不可用（{0}）。未发送任何内容。也可以选择其他密钥来源。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {0} behind the exchange&apos;s.</source>
        <translation>本机时钟比交易所慢 {0}。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {0} ahead of the exchange&apos;s.</source>
        <translation>本机时钟比交易所快 {0}。</translation>
    </message>
    <message>
        <source>The account could not be read.</source>
        <translation>无法读取账户。</translation>
    </message>
    <message>
        <source>You chose LIVE; a key of the sandbox is not known there.</source>
        <translation>您选择了实盘；模拟盘的密钥在那里不被识别。</translation>
    </message>
    <message>
        <source>You chose the sandbox; a key of the live account is not known there.</source>
        <translation>您选择了模拟盘；实盘账户的密钥在那里不被识别。</translation>
    </message>
</context>
<context>
    <name>ConnectDialog</name>
    <message>
        <source>Connect an exchange</source>
        <translation>连接交易所</translation>
    </message>
    <message>
        <source>What will be read</source>
        <translation>将读取的内容</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Reads the account once</source>
        <translation>读取账户一次</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Looking for the system keyring</source>
        <translation>正在查找系统密钥环</translation>
    </message>
    <message>
        <source>Choose an exchange on the left.</source>
        <translation>请在左侧选择交易所。</translation>
    </message>
    <message>
        <source>Connect LIVE</source>
        <translation>连接实盘</translation>
    </message>
    <message>
        <source>Connect the sandbox</source>
        <translation>连接模拟盘</translation>
    </message>
    <message>
        <source>Looking up what can be read</source>
        <translation>正在查询可读取的内容</translation>
    </message>
    <message>
        <source>not tested yet</source>
        <translation>尚未测试</translation>
    </message>
    <message>
        <source>Choose an exchange first.</source>
        <translation>请先选择交易所。</translation>
    </message>
    <message>
        <source>Missing: {0}.</source>
        <translation>还缺：{0}。</translation>
    </message>
    <message>
        <source>The exchange refused this key: change it, or test it again once it is mended there.</source>
        <translation>交易所拒绝了这个密钥：请更换，或在交易所那边改好后再测试。</translation>
    </message>
    <message>
        <source>What the test found</source>
        <translation>测试结果</translation>
    </message>
    <message>
        <source>reading the account…</source>
        <translation>正在读取账户…</translation>
    </message>
    <message>
        <source>This key may withdraw money. Use another one; or press the button again to use it anyway.</source>
        <translation>此密钥可以提币。请换用其他密钥；或再次按此按钮仍然使用它。</translation>
    </message>
    <message>
        <source>Connecting only reads. Orders are cancelled only by a recovery that you approve order by order.</source>
        <translation>连接只进行读取。只有经您逐单批准的恢复才会撤单。</translation>
    </message>
    <message>
        <source>Loading the list of exchanges</source>
        <translation>正在加载交易所列表</translation>
    </message>
    <message>
        <source>Testing the connection</source>
        <translation>正在测试连接</translation>
    </message>
</context>
<context>
    <name>Connecting</name>
    <message>
        <source>The keys of {0} were typed for one run. Type them again, or keep them in the keyring.</source>
        <translation>{0} 的密钥仅为一次运行而输入。请重新输入，或保存在密钥环中。</translation>
    </message>
    <message>
        <source>Connect an exchange</source>
        <translation>连接交易所</translation>
    </message>
    <message>
        <source>This store belongs to the demonstration&apos;s own exchange.</source>
        <translation>这个存储库属于演示自带的交易所。</translation>
    </message>
    <message>
        <source>It stands for {0}, lives as long as the demonstration, and no other exchange knows its orders. To connect an account of yours, open the store of your bot.</source>
        <translation>它代表 {0}，与演示同时结束，其他交易所都不知道它的订单。要连接您自己的账户，请打开您的机器人的存储库。</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>正在打开 {0}</translation>
    </message>
    <message>
        <source>Asking what the key may do</source>
        <translation>正在查询密钥权限</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>demonstration</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>buy</source>
        <translation>买入</translation>
    </message>
    <message>
        <source>sell</source>
        <translation>卖出</translation>
    </message>
    <message>
        <source>long</source>
        <translation>多</translation>
    </message>
    <message>
        <source>short</source>
        <translation>空</translation>
    </message>
    <message>
        <source>an order of</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>market</source>
        <translation>市价</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>open</source>
        <translation>挂单中</translation>
    </message>
    <message>
        <source>partially filled</source>
        <translation>部分成交</translation>
    </message>
    <message>
        <source>partially_filled</source>
        <translation>部分成交</translation>
    </message>
    <message>
        <source>filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已撤单</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>no longer there</source>
        <translation>已不存在</translation>
    </message>
    <message>
        <source>an unstated amount</source>
        <translation>未说明的数量</translation>
    </message>
    <message>
        <source>an unstated price</source>
        <translation>未说明的价格</translation>
    </message>
    <message>
        <source>unstated</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>step</source>
        <translation>最小变动</translation>
    </message>
    <message>
        <source>minimum amount</source>
        <translation>最小数量</translation>
    </message>
    <message>
        <source>minimum notional</source>
        <translation>最小名义价值</translation>
    </message>
    <message>
        <source>price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>trigger price</source>
        <translation>触发价</translation>
    </message>
    <message>
        <source>amount</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>side</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>read</source>
        <translation>已读取</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>不支持</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>truncated</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>conditional orders</source>
        <translation>条件订单</translation>
    </message>
    <message>
        <source>positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>all symbols</source>
        <translation>所有交易对</translation>
    </message>
    <message>
        <source>swap</source>
        <translation>永续</translation>
    </message>
    <message>
        <source>spot</source>
        <translation>现货</translation>
    </message>
    <message>
        <source>future</source>
        <translation>交割</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>未给出原因</translation>
    </message>
    <message>
        <source>no reason was noted</source>
        <translation>未记录原因</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>已校验</translation>
    </message>
    <message>
        <source>indexed</source>
        <translation>已建立索引</translation>
    </message>
    <message>
        <source>indexing checkpoints</source>
        <translation>正在为检查点建立索引</translation>
    </message>
    <message>
        <source>reading the exchange once more</source>
        <translation>再次读取交易所</translation>
    </message>
    <message>
        <source>the recovery desk</source>
        <translation>恢复操作台</translation>
    </message>
    <message>
        <source>repair</source>
        <translation>修复</translation>
    </message>
    <message>
        <source>settling</source>
        <translation>处理疑点</translation>
    </message>
    <message>
        <source>a script</source>
        <translation>脚本</translation>
    </message>
    <message>
        <source>a bot</source>
        <translation>机器人</translation>
    </message>
    <message>
        <source>it closes {held}</source>
        <translation>它平掉{held}</translation>
    </message>
    <message>
        <source>it is marked close-position</source>
        <translation>它标记为平仓</translation>
    </message>
    <message>
        <source>it is reduce-only against {held}</source>
        <translation>它只减仓，针对{held}</translation>
    </message>
    <message>
        <source>it is marked reduce-only</source>
        <translation>它标记为只减仓</translation>
    </message>
    <message>
        <source>it triggers against {held}</source>
        <translation>它触发后针对{held}</translation>
    </message>
    <message>
        <source>cancelling it may cancel order {ids}, which protects</source>
        <translation>对它撤单，可能使起保护作用的订单 {ids} 也被撤单</translation>
    </message>
    <message>
        <source>it is a conditional order, and the positions could not be read</source>
        <translation>它是条件订单，而持仓无法读取</translation>
    </message>
    <message>
        <source>it can only reduce a {side} position, and the positions could not be read</source>
        <translation>它只能减少{side}头持仓，而持仓无法读取</translation>
    </message>
    <message>
        <source>it can only reduce {held}</source>
        <translation>它只能减少{held}</translation>
    </message>
    <message>
        <source>it may close either leg of {symbol}, the exchange does not say which</source>
        <translation>它可能平掉 {symbol} 的多头或空头持仓，交易所未说明是哪一个</translation>
    </message>
    <message>
        <source>the open {side} position of {size} {symbol}; covers {share}</source>
        <translation>{symbol} 的{side}头持仓 {size}；覆盖{share}</translation>
    </message>
    <message>
        <source>an unstated part of it</source>
        <translation>其中未说明的部分</translation>
    </message>
    <message>
        <source>all of it</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>{size} of it</source>
        <translation>其中 {size}</translation>
    </message>
    <message>
        <source>left by {who}</source>
        <translation>由 {who} 保留</translation>
    </message>
    <message>
        <source>it cannot join the state: the exchange does not say its amount</source>
        <translation>无法加入状态：交易所未说明其数量</translation>
    </message>
    <message>
        <source>it cannot join the state: another order there has the id {id}, and a checkpoint holds an id once</source>
        <translation>无法加入状态：其中已有编号为 {id} 的订单，而检查点中编号不可重复</translation>
    </message>
    <message>
        <source>it joins the recovered state</source>
        <translation>加入恢复后的状态</translation>
    </message>
    <message>
        <source>left as it is, and remembered</source>
        <translation>保持原样，并予以记录</translation>
    </message>
    <message>
        <source>not touched: it could not be read again ({reason}); compare again</source>
        <translation>未处理：无法重新读取（{reason}）；请重新对比</translation>
    </message>
    <message>
        <source>not touched: the exchange no longer has it, and does not say whether it filled; compare the positions</source>
        <translation>未处理：交易所已没有它，也未说明是否成交；请核对持仓</translation>
    </message>
    <message>
        <source>not touched: it changed since it was shown ({changes}); compare again and decide anew</source>
        <translation>未处理：显示之后它已变化（{changes}）；请重新对比后再作决定</translation>
    </message>
    <message>
        <source>not touched: since it was shown a position was opened that it protects; compare again and decide anew</source>
        <translation>未处理：在显示之后开了一个由它保护的持仓；请重新比较并重新决定</translation>
    </message>
    <message>
        <source>not touched: whether it protects a position by now could not be read ({reason}); compare again</source>
        <translation>未处理：无法读取它现在是否在保护某个持仓（{reason}）；请重新比较</translation>
    </message>
    <message>
        <source>it changed since it was shown ({changes}); compare again and decide anew</source>
        <translation>显示之后该订单已发生变化（{changes}）；请重新对比并重新决定</translation>
    </message>
    <message>
        <source>refused: {reason}; it is still open: compare again and decide anew</source>
        <translation>被拒绝：{reason}；它仍在挂单：请重新对比后再作决定</translation>
    </message>
    <message>
        <source>nothing was sent: {reason}; it is still open: compare again and decide anew</source>
        <translation>未发送任何请求：{reason}；它仍在挂单：请重新对比后再作决定</translation>
    </message>
    <message>
        <source>refused: {reason}; it is still open</source>
        <translation>被拒绝：{reason}；它仍在挂单</translation>
    </message>
    <message>
        <source>nothing was sent: {reason}; it is still open</source>
        <translation>没有发送任何请求：{reason}；它仍在挂单</translation>
    </message>
    <message>
        <source>{what} after {seconds} s: look at the exchange before you rely on it, and compare again</source>
        <translation>{seconds} 秒之后{what}：在依赖此结果之前请到交易所查看，并重新对比</translation>
    </message>
    <message>
        <source>it is still open</source>
        <translation>它仍在挂单</translation>
    </message>
    <message>
        <source>it could not be read again ({reason})</source>
        <translation>无法重新读取（{reason}）</translation>
    </message>
    <message>
        <source>{what} (read again {duration} later)</source>
        <translation>{what}（{duration} 后重新读取）</translation>
    </message>
    <message>
        <source>already filled, {filled} of {whole}</source>
        <translation>先前已成交，{filled} / {whole}</translation>
    </message>
    <message>
        <source>cancelled, {filled} of {whole} had filled</source>
        <translation>已撤单，其中 {filled} / {whole} 已成交</translation>
    </message>
    <message>
        <source>cancelled, whether a part had filled is not told</source>
        <translation>已撤单，未说明是否部分成交</translation>
    </message>
    <message>
        <source>already {status}, {filled} of {whole} filled</source>
        <translation>先前{status}，已成交 {filled} / {whole}</translation>
    </message>
    <message>
        <source>the answer was lost ({reason}); {what}</source>
        <translation>答复丢失（{reason}）；{what}</translation>
    </message>
    <message>
        <source>the exchange answered that it knows no such open order ({reason}); {what}</source>
        <translation>交易所答复没有此挂单（{reason}）；{what}</translation>
    </message>
    <message>
        <source>refused ({reason}), because it is {what}</source>
        <translation>被拒绝（{reason}），因为它{what}</translation>
    </message>
    <message>
        <source>not in the saved state after all: {how}</source>
        <translation>最终未加入保存的状态：{how}</translation>
    </message>
    <message>
        <source>stopped by the operator between two orders</source>
        <translation>由操作员在两个订单之间停止</translation>
    </message>
    <message>
        <source>{why}; what was done is in the audit log, nothing was saved</source>
        <translation>{why}；已做的见审计日志，未保存任何内容</translation>
    </message>
    <message>
        <source>{contracts} contracts ({coins} {unit})</source>
        <translation>{contracts} 张合约（{coins} {unit}）</translation>
    </message>
    <message>
        <source>{contracts} contract ({coins} {unit})</source>
        <translation>{contracts} 张合约（{coins} {unit}）</translation>
    </message>
    <message>
        <source>{contracts} contracts</source>
        <translation>{contracts} 张合约</translation>
    </message>
    <message>
        <source>{contracts} contract</source>
        <translation>{contracts} 张合约</translation>
    </message>
    <message>
        <source>{contracts} contracts ({coins} {unit}) of {symbol}</source>
        <translation>{symbol} {contracts} 张合约（{coins} {unit}）</translation>
    </message>
    <message>
        <source>{contracts} contract ({coins} {unit}) of {symbol}</source>
        <translation>{symbol} {contracts} 张合约（{coins} {unit}）</translation>
    </message>
    <message>
        <source>{contracts} contracts of {symbol}</source>
        <translation>{symbol} {contracts} 张合约</translation>
    </message>
    <message>
        <source>{contracts} contract of {symbol}</source>
        <translation>{symbol} {contracts} 张合约</translation>
    </message>
    <message>
        <source>{amount} {pair}</source>
        <translation>{amount} {pair}</translation>
    </message>
    <message>
        <source>trig. {trigger}</source>
        <translation>触发 {trigger}</translation>
    </message>
    <message>
        <source>trig. {trigger} → {price}</source>
        <translation>触发 {trigger} → {price}</translation>
    </message>
    <message>
        <source>the exchange has conditional orders, and ccxt cannot list them</source>
        <translation>该交易所有条件订单，而 ccxt 无法列出</translation>
    </message>
    <message>
        <source>the exchange lists open orders per symbol only, and no symbol is known here</source>
        <translation>该交易所只能按交易对列出挂单，而此处没有已知的交易对</translation>
    </message>
    <message>
        <source>spot accounts have balances, not positions</source>
        <translation>现货账户只有余额，没有持仓</translation>
    </message>
    <message>
        <source>ccxt cannot list this exchange&apos;s positions</source>
        <translation>ccxt 无法列出该交易所的持仓</translation>
    </message>
    <message>
        <source>listed per symbol only: symbols that are not known here were not read</source>
        <translation>只能按交易对列出：此处未知的交易对未读取</translation>
    </message>
    <message>
        <source>the exchange answered something that is no list</source>
        <translation>交易所的答复不是列表</translation>
    </message>
    <message>
        <source>no symbol is known here, so no balance can be told as a position</source>
        <translation>此处没有已知的交易对，因此无法将余额视为持仓</translation>
    </message>
    <message>
        <source>asking for order {id}</source>
        <translation>正在查询订单 {id}</translation>
    </message>
    <message>
        <source>nothing of the account could be read from {exchange}: {reason}</source>
        <translation>无法从 {exchange} 读取账户的任何内容：{reason}</translation>
    </message>
    <message>
        <source>the markets of {exchange} could not be loaded: {reason}</source>
        <translation>无法加载 {exchange} 的市场：{reason}</translation>
    </message>
    <message>
        <source>the account could not be read: {reason}</source>
        <translation>无法读取账户：{reason}</translation>
    </message>
    <message>
        <source>the dead man&apos;s switch could not be set: {reason}</source>
        <translation>无法设置失联保护：{reason}</translation>
    </message>
    <message>
        <source>{what}: no complete answer within {seconds} s; what the request did is unknown until it is read again</source>
        <translation>{what}：{seconds} s 内没有完整的答复；在重新读取之前，该请求的结果未知</translation>
    </message>
    <message>
        <source>the simulated network is down</source>
        <translation>模拟网络已断开</translation>
    </message>
    <message>
        <source>there is no journal in this store</source>
        <translation>此存储库中没有流水日志</translation>
    </message>
    <message>
        <source>there is no journal in this store: what happened after the checkpoint is not known</source>
        <translation>此存储库中没有流水日志：检查点之后发生的事未知</translation>
    </message>
    <message>
        <source>{problem}: what happened after the checkpoint is not known</source>
        <translation>{problem}：检查点之后发生的事未知</translation>
    </message>
    <message>
        <source>none of the checkpoints in {directory} is usable; the state comes from the journal alone, which is whole</source>
        <translation>{directory} 中没有可用的检查点；状态仅来自完整的流水日志</translation>
    </message>
    <message>
        <source>the bot started: {what}</source>
        <translation>机器人已启动：{what}</translation>
    </message>
    <message>
        <source>there was no checkpoint to restore</source>
        <translation>没有可还原的检查点</translation>
    </message>
    <message>
        <source>restored checkpoint {seq}</source>
        <translation>已还原检查点 {seq}</translation>
    </message>
    <message>
        <source>restored checkpoint {seq} and {changes} changes after it</source>
        <translation>已还原检查点 {seq} 及其后的 {changes} 项变更</translation>
    </message>
    <message>
        <source>restored the journal&apos;s state</source>
        <translation>已还原流水日志中的状态</translation>
    </message>
    <message>
        <source>restored the journal&apos;s state and {changes} changes after it</source>
        <translation>已还原流水日志中的状态及其后的 {changes} 项变更</translation>
    </message>
    <message>
        <source>{what}; the exchange could not be compared: {problem}</source>
        <translation>{what}；无法与交易所对比：{problem}</translation>
    </message>
    <message>
        <source>recovery from {compared}: {cancels} to cancel of {orphans} orphan orders</source>
        <translation>从{compared}恢复：{orphans} 个孤立订单中撤单 {cancels} 个</translation>
    </message>
    <message>
        <source>checkpoint {seq}</source>
        <translation>检查点 {seq}</translation>
    </message>
    <message>
        <source>no checkpoint</source>
        <translation>无检查点</translation>
    </message>
    <message>
        <source>1 journalled change</source>
        <translation>1 项流水变更</translation>
    </message>
    <message>
        <source>{changes} journalled changes</source>
        <translation>{changes} 项流水变更</translation>
    </message>
    <message>
        <source>checkpoint {seq} and 1 journalled change</source>
        <translation>检查点 {seq} 和 1 项流水变更</translation>
    </message>
    <message>
        <source>checkpoint {seq} and {changes} journalled changes</source>
        <translation>检查点 {seq} 和 {changes} 项流水变更</translation>
    </message>
    <message>
        <source>{changes} without a checkpoint</source>
        <translation>{changes}，无检查点</translation>
    </message>
    <message>
        <source>about to save the reconciled state</source>
        <translation>即将保存核对后的状态</translation>
    </message>
    <message>
        <source>checkpoint {seq} was passed over: {reason}</source>
        <translation>检查点 {seq} 已被跳过：{reason}</translation>
    </message>
    <message>
        <source>the exchange does not tell the entry price of {legs}, and none is known: 0 is in the state in its place</source>
        <translation>交易所没有提供 {legs} 的开仓价，也没有已知的开仓价：状态中以 0 代替</translation>
    </message>
    <message>
        <source>recovered: checkpoint {seq} holds the reconciled state</source>
        <translation>已恢复：检查点 {seq} 保存了核对后的状态</translation>
    </message>
    <message>
        <source>about to cancel {what}</source>
        <translation>即将撤单：{what}</translation>
    </message>
    <message>
        <source>cancel {what} (order {id})</source>
        <translation>撤单 {what}（订单 {id}）</translation>
    </message>
    <message>
        <source>cancel {what} (order {id}): {text}</source>
        <translation>撤单 {what}（订单 {id}）：{text}</translation>
    </message>
    <message>
        <source>adopt {what} (order {id})</source>
        <translation>接管 {what}（订单 {id}）</translation>
    </message>
    <message>
        <source>adopt {what} (order {id}): {text}</source>
        <translation>接管 {what}（订单 {id}）：{text}</translation>
    </message>
    <message>
        <source>leave {what} (order {id})</source>
        <translation>保留 {what}（订单 {id}）</translation>
    </message>
    <message>
        <source>leave {what} (order {id}): {text}</source>
        <translation>保留 {what}（订单 {id}）：{text}</translation>
    </message>
    <message>
        <source>{what} (order {id})</source>
        <translation>{what}（订单 {id}）</translation>
    </message>
    <message>
        <source>{what} (order {id}): {text}</source>
        <translation>{what}（订单 {id}）：{text}</translation>
    </message>
    <message>
        <source>buy {what} at {price}</source>
        <translation>买入 {what}，价格 {price}</translation>
    </message>
    <message>
        <source>sell {what} at {price}</source>
        <translation>卖出 {what}，价格 {price}</translation>
    </message>
    <message>
        <source>buy {what} at the market</source>
        <translation>买入 {what}，市价</translation>
    </message>
    <message>
        <source>sell {what} at the market</source>
        <translation>卖出 {what}，市价</translation>
    </message>
    <message>
        <source>an order that is not on the exchange</source>
        <translation>不在交易所的订单</translation>
    </message>
    <message>
        <source>looked at every order and settled what was in doubt</source>
        <translation>已查看每个订单并处理了存疑之处</translation>
    </message>
    <message>
        <source>dead man&apos;s switch disarmed</source>
        <translation>失联保护已停用</translation>
    </message>
    <message>
        <source>dead man&apos;s switch could not be refreshed: {problem}</source>
        <translation>失联保护无法刷新：{problem}</translation>
    </message>
    <message>
        <source>dead man&apos;s switch has fired: it could not be refreshed: {problem}</source>
        <translation>失联保护已触发：无法刷新：{problem}</translation>
    </message>
    <message>
        <source>{what} ({words}); {advice}</source>
        <translation>{what}（{words}）；{advice}</translation>
    </message>
    <message>
        <source>{what}; {advice}</source>
        <translation>{what}；{advice}</translation>
    </message>
    <message>
        <source>{doing}: {what} ({words}); {advice}</source>
        <translation>{doing}：{what}（{words}）；{advice}</translation>
    </message>
    <message>
        <source>{doing}: {what}; {advice}</source>
        <translation>{doing}：{what}；{advice}</translation>
    </message>
    <message>
        <source>Checkpoint {0} was passed over: {1}.</source>
        <translation>检查点 {0} 已被跳过：{1}。</translation>
    </message>
    <message>
        <source>Every signed request from this machine is refused, the bot&apos;s as well. Nothing can be read or cancelled; orders that rest on the exchange go on filling.</source>
        <translation>本机发出的所有签名请求都会被拒绝，机器人的也一样。什么都不能读取，也不能撤单；交易所上的挂单会继续成交。</translation>
    </message>
    <message>
        <source>It did not do what was asked, and nothing was concluded from that.</source>
        <translation>它没有执行所请求的操作，也没有据此得出任何结论。</translation>
    </message>
    <message>
        <source>It was not sent, so it changed nothing.</source>
        <translation>它没有发出，因此没有更改任何东西。</translation>
    </message>
    <message>
        <source>Its orders and positions are in a part that was not read: they count as unknown, not as none.</source>
        <translation>它的订单和持仓在未读取的部分里：视为未知，而不是没有。</translation>
    </message>
    <message>
        <source>No program at this address can read, place or cancel until it is over, the bot included. Orders that rest on the exchange go on filling.</source>
        <translation>封禁结束前，该地址上的任何程序都不能读取、下单或撤单，机器人也一样。交易所上的挂单会继续成交。</translation>
    </message>
    <message>
        <source>No request left this machine, so nothing was changed. Orders that rest on the exchange go on filling.</source>
        <translation>没有请求离开本机，因此没有任何更改。交易所上的挂单会继续成交。</translation>
    </message>
    <message>
        <source>Nothing can be read or cancelled from here. Orders that rest on the exchange stay and go on filling.</source>
        <translation>在这里什么都不能读取，也不能撤单。交易所上的挂单保持不变，并会继续成交。</translation>
    </message>
    <message>
        <source>Nothing can be read or cancelled with it. Orders that rest on the exchange stay and go on filling.</source>
        <translation>用它什么都不能读取，也不能撤单。交易所上的挂单保持不变，并会继续成交。</translation>
    </message>
    <message>
        <source>Nothing can be read, placed or cancelled. Orders rest there as a rule, and can fill the moment it opens again.</source>
        <translation>无法读取、下单或撤单。挂单通常会保留，并可能在重新开放的瞬间成交。</translation>
    </message>
    <message>
        <source>Nothing was concluded from it: what the exchange holds counts as unknown, not as none.</source>
        <translation>没有据此得出任何结论：交易所上有什么视为未知，而不是没有。</translation>
    </message>
    <message>
        <source>Nothing was read or changed on either side. What the account holds is not known.</source>
        <translation>两边都没有读取或更改任何内容。账户中有什么尚不清楚。</translation>
    </message>
    <message>
        <source>Orders may not be placed or cancelled through a key. What becomes of those that rest there is the exchange&apos;s decision.</source>
        <translation>可能无法通过密钥下单或撤单。已有挂单如何处理由交易所决定。</translation>
    </message>
    <message>
        <source>This part of the account cannot be seen from here. What is in it counts as unknown, not as empty.</source>
        <translation>从这里看不到账户的这一部分。其中的内容视为未知，而不是空的。</translation>
    </message>
    <message>
        <source>What it may not read counts as unknown, and it cancels nothing that it may not trade. Orders stay as they were.</source>
        <translation>它无权读取的内容视为未知；它也不会对无权交易的订单撤单。订单保持原样。</translation>
    </message>
    <message>
        <source>What the exchange holds now is not known. Orders that rest there go on filling without the bot.</source>
        <translation>交易所现在有什么尚不清楚。那里的挂单会在没有机器人的情况下继续成交。</translation>
    </message>
    <message>
        <source>What the request did is unknown until it is read again: it may have been carried out. Orders that rest there go on filling.</source>
        <translation>在重新读取之前，该请求的结果未知：它可能已被执行。那里的挂单会继续成交。</translation>
    </message>
    <message>
        <source>What was not answered is unknown; nothing was changed by it. Orders that rest on the exchange go on filling.</source>
        <translation>没有得到答复的内容视为未知；这没有更改任何东西。交易所上的挂单会继续成交。</translation>
    </message>
    <message>
        <source>add this machine&apos;s public address to the key&apos;s list on the exchange&apos;s site, or work from a machine that is on it</source>
        <translation>在交易所网站上把本机的公网地址加入该密钥的白名单，或改用白名单内的机器</translation>
    </message>
    <message>
        <source>check on the exchange&apos;s site that the key still exists, that it may read and trade this market, and that this machine&apos;s address is on its list; a sandbox&apos;s key is refused by the live exchange, and the reverse</source>
        <translation>在交易所网站上核对：密钥仍然存在、可以读取并交易该市场、本机地址在其白名单上；模拟盘的密钥会被实盘拒绝，反之亦然</translation>
    </message>
    <message>
        <source>check the proxy&apos;s address and login, or go without it, then read the exchange again</source>
        <translation>检查代理的地址和登录信息，或不使用代理，再重新读取交易所</translation>
    </message>
    <message>
        <source>check this machine&apos;s clock and certificates, and whether something in the network reads the traffic; use no key until that is clear</source>
        <translation>检查本机的时钟和证书，以及网络中是否有东西在窥视流量；弄清之前不要使用任何密钥</translation>
    </message>
    <message>
        <source>check this machine&apos;s network and its name servers (DNS), then read the exchange again</source>
        <translation>检查本机的网络和域名服务器（DNS），再重新读取交易所</translation>
    </message>
    <message>
        <source>check this machine&apos;s network and the exchange&apos;s status page, then read it again</source>
        <translation>检查本机的网络和交易所的状态页，再重新读取</translation>
    </message>
    <message>
        <source>check whether a VPN or a proxy leads through another country; else work from a machine in a place that it serves</source>
        <translation>检查是否有 VPN 或代理经由其他国家或地区；否则请改用位于其服务地区的机器</translation>
    </message>
    <message>
        <source>check whether a login page, a proxy or another address answers in the exchange&apos;s place, and whether ccxt is up to date</source>
        <translation>检查是否有登录页、代理或其他地址代替交易所作答，以及 ccxt 是否为最新版本</translation>
    </message>
    <message>
        <source>choose the side that the key was made for, or connect a key of this one</source>
        <translation>选择该密钥所属的一方，或接入这一方的密钥</translation>
    </message>
    <message>
        <source>enter the passphrase that was chosen when the key was made; make a new key if it is lost</source>
        <translation>输入创建密钥时设定的口令；若已遗失请新建密钥</translation>
    </message>
    <message>
        <source>enter the secret again, whole; it is shown only once, so make a new key if it is lost</source>
        <translation>重新完整输入 secret；它只显示一次，若已遗失请新建密钥</translation>
    </message>
    <message>
        <source>give the key the right to read and to trade this market on the exchange&apos;s site, never to withdraw; or connect another key</source>
        <translation>在交易所网站上授予该密钥读取和交易该市场的权限，切勿授予提币权限；或接入另一个密钥</translation>
    </message>
    <message>
        <source>look at it on the exchange&apos;s own site, or choose another market type</source>
        <translation>在交易所网站上查看，或选择其他市场类型</translation>
    </message>
    <message>
        <source>look at the account on the exchange&apos;s site and ask its support; manage open positions there</source>
        <translation>在交易所网站上查看账户并联系客服；未平持仓请在网站上处理</translation>
    </message>
    <message>
        <source>look at the exchange&apos;s status page, wait a minute, then read it again</source>
        <translation>查看交易所的状态页，等一分钟，再重新读取</translation>
    </message>
    <message>
        <source>look on the exchange&apos;s site whether the key was deleted; make one that can trade and cannot withdraw, and connect it here and in the bot</source>
        <translation>在交易所网站上查看该密钥是否已被删除；新建一个可以交易但不能提币的密钥，并在此处和机器人中接入</translation>
    </message>
    <message>
        <source>look up the account&apos;s mode on the exchange&apos;s site, and connect it under the exchange id and market type that fit</source>
        <translation>在交易所网站上查看账户模式，并用相符的交易所 id 和市场类型接入</translation>
    </message>
    <message>
        <source>make a new key on the exchange&apos;s site that can trade and cannot withdraw, and connect it here and in the bot</source>
        <translation>在交易所网站上新建一个可以交易但不能提币的密钥，并在此处和机器人中接入</translation>
    </message>
    <message>
        <source>no secure connection to the exchange could be made</source>
        <translation>无法与交易所建立安全连接</translation>
    </message>
    <message>
        <source>read its own words, and look at the account on its site: asking the same once more changes nothing</source>
        <translation>阅读它的原文，并在其网站上查看账户：再问一次同样的请求不会有任何改变</translation>
    </message>
    <message>
        <source>read the exchange again before anything else is decided; if it stays silent, look at its status page</source>
        <translation>在作其他决定之前先重新读取交易所；如果仍无答复，请查看其状态页</translation>
    </message>
    <message>
        <source>see on its status page when it opens, be there, and read the exchange then before the bot trades</source>
        <translation>在其状态页查看何时开放，届时在场，并在机器人交易之前先读取交易所</translation>
    </message>
    <message>
        <source>set the clock by a time service, then read the exchange again; if it is right, another program uses the same key: give each one of its own</source>
        <translation>用授时服务校准时钟，再重新读取交易所；如果时钟无误，则有别的程序在用同一个密钥：请为每个程序使用各自的密钥</translation>
    </message>
    <message>
        <source>stop all that sends requests from here, because each can prolong it; act on the exchange&apos;s own site meanwhile</source>
        <translation>停止这里所有发送请求的程序，因为每个请求都可能延长封禁；其间请在交易所网站上操作</translation>
    </message>
    <message>
        <source>the account is of another type than was asked for, such as unified or portfolio margin</source>
        <translation>账户类型与所请求的不同，例如统一账户或投资组合保证金账户</translation>
    </message>
    <message>
        <source>the exchange cannot serve requests at this moment</source>
        <translation>交易所此刻无法处理请求</translation>
    </message>
    <message>
        <source>the exchange could not be reached</source>
        <translation>无法连接交易所</translation>
    </message>
    <message>
        <source>the exchange did not answer in time</source>
        <translation>交易所没有及时答复</translation>
    </message>
    <message>
        <source>the exchange does not accept this machine&apos;s time</source>
        <translation>交易所不接受本机的时间</translation>
    </message>
    <message>
        <source>the exchange does not know this key</source>
        <translation>交易所不认识这个密钥</translation>
    </message>
    <message>
        <source>the exchange does not serve the place that this request came from</source>
        <translation>交易所不为该请求的来源地区提供服务</translation>
    </message>
    <message>
        <source>the exchange has blocked this account or what it may do</source>
        <translation>交易所已冻结该账户或限制了它的操作</translation>
    </message>
    <message>
        <source>the exchange is down for maintenance</source>
        <translation>交易所正在维护</translation>
    </message>
    <message>
        <source>the exchange refuses this key and does not say why</source>
        <translation>交易所拒绝这个密钥，且没有说明原因</translation>
    </message>
    <message>
        <source>the exchange refuses this request</source>
        <translation>交易所拒绝这个请求</translation>
    </message>
    <message>
        <source>the exchange shuts this machine&apos;s address out for a time</source>
        <translation>交易所在一段时间内封禁了本机的地址</translation>
    </message>
    <message>
        <source>the exchange was asked too often</source>
        <translation>向交易所的请求过于频繁</translation>
    </message>
    <message>
        <source>the exchange&apos;s address cannot be resolved</source>
        <translation>无法解析交易所的地址</translation>
    </message>
    <message>
        <source>the exchange, or ccxt for it, does not offer this</source>
        <translation>交易所（或 ccxt 对它的支持）不提供此功能</translation>
    </message>
    <message>
        <source>the passphrase of this key is wrong or missing</source>
        <translation>该密钥的口令（passphrase）错误或缺失</translation>
    </message>
    <message>
        <source>the proxy between this machine and the exchange lets nothing through</source>
        <translation>本机与交易所之间的代理不放行任何请求</translation>
    </message>
    <message>
        <source>the request waited behind others until its time was up</source>
        <translation>请求排在其他请求之后，等到超时</translation>
    </message>
    <message>
        <source>the secret does not belong to this key</source>
        <translation>密钥的 secret 与该密钥不匹配</translation>
    </message>
    <message>
        <source>this key belongs to the other side of sandbox and live</source>
        <translation>该密钥属于模拟盘与实盘中的另一方</translation>
    </message>
    <message>
        <source>this key has expired</source>
        <translation>该密钥已过期</translation>
    </message>
    <message>
        <source>this key may not be used from this machine&apos;s address</source>
        <translation>该密钥不允许从本机的地址使用</translation>
    </message>
    <message>
        <source>this key may not do what was asked</source>
        <translation>该密钥无权执行所请求的操作</translation>
    </message>
    <message>
        <source>wait a minute before the next request, and slow down what else uses this key or address</source>
        <translation>等一分钟再发下一个请求，并放慢使用同一密钥或地址的其他程序</translation>
    </message>
    <message>
        <source>wait until what is under way has ended, then ask for it again</source>
        <translation>等正在进行的请求结束后再次请求</translation>
    </message>
    <message>
        <source>what came back is no answer of the exchange</source>
        <translation>返回的不是交易所的答复</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>mode</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>its store.toml</source>
        <translation>它的 store.toml</translation>
    </message>
    <message>
        <source>its audit log</source>
        <translation>它的审计日志</translation>
    </message>
    <message>
        <source>the store belongs to the {what} {stored} ({source} says so) and {opened} was opened. Nothing was compared: open {stored}, or use another store for the account that was opened</source>
        <translation>存储库属于{what} {stored}（依据{source}），而打开的是 {opened}。没有进行对比：请打开 {stored}，或为打开的账户使用另一个存储库</translation>
    </message>
    <message>
        <source>the store belongs to the {what} {stored} ({source} says so) and {opened} was opened. Nothing was compared: open {stored}, or correct `{setting}` in store.toml</source>
        <translation>存储库属于{what} {stored}（依据{source}），而打开的是 {opened}。没有进行对比：请打开 {stored}，或更正 store.toml 中的 `{setting}`</translation>
    </message>
    <message>
        <source>the store belongs to a {mode} account ({source} says so), and the {other} account of {exchange} was opened. Nothing was compared: open the {mode} account, or use another store for the account that was opened</source>
        <translation>存储库属于{mode}账户（依据{source}），而打开的是 {exchange} 的{other}账户。没有进行对比：请打开{mode}账户，或为打开的账户使用另一个存储库</translation>
    </message>
    <message>
        <source>the store belongs to a {mode} account ({source} says so), and the {other} account of {exchange} was opened. Nothing was compared: open the {mode} account, or correct `{setting}` in store.toml</source>
        <translation>存储库属于{mode}账户（依据{source}），而打开的是 {exchange} 的{other}账户。没有进行对比：请打开{mode}账户，或更正 store.toml 中的 `{setting}`</translation>
    </message>
    <message>
        <source>the plan is of the {mode} account {stored} of {exchange}; the {other} account {opened} of {connected} is open. Nothing was sent: open the plan&apos;s, or compare again</source>
        <translation>方案属于 {exchange} 的{mode}账户 {stored}；而打开的是 {connected} 的{other}账户 {opened}。没有发送任何请求：请打开方案所属的账户，或重新对比</translation>
    </message>
    <message>
        <source>nothing says which account the store belongs to, so whether its state is of the {mode} account of {exchange} that was opened cannot be told: give RecoveryManager a StoreManifest with exchange, account and mode; or have an operator recover the store. Nothing was compared, the state is as it was</source>
        <translation>没有任何内容说明存储库属于哪个账户，因此无法判断其状态是否属于已打开的 {exchange} {mode}账户：请给 RecoveryManager 一个含有 exchange、account 和 mode 的 StoreManifest；或由操作员恢复存储库。没有进行对比，状态保持原样</translation>
    </message>
    <message>
        <source>the exchange has never heard of any open order of the last known state, and none of its positions is held: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account</source>
        <translation>最后已知状态中的挂单，交易所一个也没有记录，其中的持仓也一个都不存在：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户</translation>
    </message>
    <message>
        <source>the exchange has never heard of any open order of the last known state, and none of its positions is held: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account, or have an operator recover the store. Nothing was cancelled, the state is as it was</source>
        <translation>最后已知状态中的挂单，交易所一个也没有记录，其中的持仓也一个都不存在：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户，或由操作员恢复该存储库。没有撤单，状态保持不变</translation>
    </message>
    <message>
        <source>the exchange has never heard of any open order of the last known state, and none of its positions is held: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account. Nothing was sent or saved, since nobody confirmed that it is this account</source>
        <translation>最后已知状态中的挂单，交易所一个也没有记录，其中的持仓也一个都不存在：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户。没有发送或保存任何内容，因为没有人确认就是这个账户</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and no trades that this account tells add up to the closing of one: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account</source>
        <translation>最后已知状态中的持仓已全部不在，而该账户给出的成交与其中任何一个的平仓都对不上：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and no trades that this account tells add up to the closing of one: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account, or have an operator recover the store. Nothing was cancelled, the state is as it was</source>
        <translation>最后已知状态中的持仓已全部不在，而该账户给出的成交与其中任何一个的平仓都对不上：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户，或由操作员恢复该存储库。没有撤单，状态保持不变</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and no trades that this account tells add up to the closing of one: the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account. Nothing was sent or saved, since nobody confirmed that it is this account</source>
        <translation>最后已知状态中的持仓已全部不在，而该账户给出的成交与其中任何一个的平仓都对不上：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户。没有发送或保存任何内容，因为没有人确认就是这个账户</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and the trades that would prove that it was this account which closed them could not be read ({reason}): the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account</source>
        <translation>最后已知状态中的持仓已全部不在，而能证明由该账户平仓的成交无法读取（{reason}）：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and the trades that would prove that it was this account which closed them could not be read ({reason}): the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account, or have an operator recover the store. Nothing was cancelled, the state is as it was</source>
        <translation>最后已知状态中的持仓已全部不在，而能证明由该账户平仓的成交无法读取（{reason}）：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户，或由操作员恢复该存储库。没有撤单，状态保持不变</translation>
    </message>
    <message>
        <source>every position of the last known state is gone, and the trades that would prove that it was this account which closed them could not be read ({reason}): the account that was opened may be another one than the store&apos;s; look whether the keys are those of the right account. Nothing was sent or saved, since nobody confirmed that it is this account</source>
        <translation>最后已知状态中的持仓已全部不在，而能证明由该账户平仓的成交无法读取（{reason}）：所打开的账户可能不是该存储库的账户；请检查密钥是否属于正确的账户。没有发送或保存任何内容，因为没有人确认就是这个账户</translation>
    </message>
    <message>
        <source>the store {directory} belongs to the {what} {stored} (its store.toml says so) and the bot was started with {opened}. Nothing was read or written: give the bot another checkpoint_dir for {opened}, or, if it is the same account, correct `{setting}` in store.toml</source>
        <translation>存储库 {directory} 属于{what} {stored}（依据它的 store.toml），而机器人以 {opened} 启动。没有读取或写入任何内容：请为 {opened} 给机器人另一个 checkpoint_dir；如果是同一账户，请更正 store.toml 中的 `{setting}`</translation>
    </message>
    <message>
        <source>a new store for the {mode} account {account} of {exchange}</source>
        <translation>{exchange} {mode}账户 {account} 的新存储库</translation>
    </message>
    <message>
        <source>this exchange, or ccxt for it, does not tell what a key may do</source>
        <translation>该交易所（或 ccxt 对它的支持）不说明密钥的权限</translation>
    </message>
    <message>
        <source>the sandbox of this exchange does not tell what a key may do</source>
        <translation>该交易所的模拟盘不说明密钥的权限</translation>
    </message>
    <message>
        <source>the exchange&apos;s answer about the key was not understood</source>
        <translation>无法理解交易所关于该密钥的答复</translation>
    </message>
    <message>
        <source>the account itself may not trade</source>
        <translation>该账户本身不得交易</translation>
    </message>
    <message>
        <source>no keys for {exchange}: set {names} in the environment, or connect the account in the desk, which can keep them in the system keyring</source>
        <translation>没有 {exchange} 的密钥：请在环境变量中设置 {names}，或在操作台中接入账户；操作台可将密钥保存在系统密钥环中</translation>
    </message>
    <message>
        <source>no keys for {exchange}: set {names} in the environment. (The system keyring cannot be used: {reason})</source>
        <translation>没有 {exchange} 的密钥：请在环境变量中设置 {names}（系统密钥环无法使用：{reason}）</translation>
    </message>
    <message>
        <source>this system offers none</source>
        <translation>此系统没有提供</translation>
    </message>
    <message>
        <source>it is locked; unlock it, then try again</source>
        <translation>它已锁定；请解锁后重试</translation>
    </message>
    <message>
        <source>the system keyring&apos;s entry {quoted} of {service} is not what was saved there; save the keys again</source>
        <translation>系统密钥环中 {service} 的条目 {quoted} 与保存时不符；请重新保存密钥</translation>
    </message>
    <message>
        <source>ccxt knows no exchange {quoted}; see the list of ids in ccxt&apos;s manual</source>
        <translation>ccxt 不认识交易所 {quoted}；请查阅 ccxt 手册中的 id 列表</translation>
    </message>
    <message>
        <source>ccxt knows no exchange {quoted}; did you mean {names}?</source>
        <translation>ccxt 不认识交易所 {quoted}；您要找的是 {names} 吗？</translation>
    </message>
    <message>
        <source>ccxt has no sandbox for {exchange}; the live account is not used in its place. Choose another exchange, or open the live account on purpose</source>
        <translation>ccxt 没有 {exchange} 的模拟盘；不会以实盘账户代替。请选择另一个交易所，或明确打开实盘账户</translation>
    </message>
    <message>
        <source>{exchange} has no {market} markets in ccxt; choose another market type, or the exchange&apos;s other id for them</source>
        <translation>{exchange} 在 ccxt 中没有 {market} 市场；请选择其他市场类型，或该交易所用于该市场的另一个 id</translation>
    </message>
    <message>
        <source>{exchange} listed no markets; try again, or look whether its address is right</source>
        <translation>{exchange} 没有列出任何市场；请重试，或核对其地址</translation>
    </message>
    <message>
        <source>nothing can be signed with it: {problem}</source>
        <translation>无法用它签名：{problem}</translation>
    </message>
    <message>
        <source>the answer broke off</source>
        <translation>答复中断</translation>
    </message>
    <message>
        <source>no connection in time</source>
        <translation>未能及时连接</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>未能及时得到答复</translation>
    </message>
    <message>
        <source>the address cannot be resolved</source>
        <translation>无法解析地址</translation>
    </message>
    <message>
        <source>no secure connection</source>
        <translation>没有安全连接</translation>
    </message>
    <message>
        <source>sent on to another address, which was not followed</source>
        <translation>被转到另一个地址，没有跟随</translation>
    </message>
    <message>
        <source>the connection was lost</source>
        <translation>连接已断开</translation>
    </message>
    <message>
        <source>a web page instead of an answer: {page}</source>
        <translation>得到的是网页而不是答复：{page}</translation>
    </message>
    <message>
        <source>measuring the clock</source>
        <translation>正在测量时钟</translation>
    </message>
    <message>
        <source>reading positions</source>
        <translation>正在读取持仓</translation>
    </message>
    <message>
        <source>reading positions once more, since an order filled meanwhile</source>
        <translation>再次读取持仓，因为期间有订单成交</translation>
    </message>
    <message>
        <source>reading open orders</source>
        <translation>正在读取挂单</translation>
    </message>
    <message>
        <source>reading the account</source>
        <translation>正在读取账户</translation>
    </message>
    <message>
        <source>reading prices</source>
        <translation>正在读取价格</translation>
    </message>
    <message>
        <source>loading the markets</source>
        <translation>正在加载市场</translation>
    </message>
    <message>
        <source>reading the exchange&apos;s clock</source>
        <translation>正在读取交易所的时钟</translation>
    </message>
    <message>
        <source>reading the key&apos;s permissions</source>
        <translation>正在读取密钥的权限</translation>
    </message>
    <message>
        <source>reading {scope}</source>
        <translation>正在读取 {scope}</translation>
    </message>
    <message>
        <source>reading the trades of {key}</source>
        <translation>正在读取 {key} 的成交</translation>
    </message>
    <message>
        <source>asking for the trades of {symbol}</source>
        <translation>正在查询 {symbol} 的成交</translation>
    </message>
    <message>
        <source>the exchange cannot be asked for them</source>
        <translation>无法向交易所查询这些成交</translation>
    </message>
    <message>
        <source>the exchange cannot be asked for the trades of this symbol</source>
        <translation>无法向交易所查询该交易对的成交</translation>
    </message>
    <message>
        <source>only the trades of the last week could be asked for</source>
        <translation>只能查询最近一周的成交</translation>
    </message>
    <message>
        <source>there are more trades than could be read</source>
        <translation>成交太多，无法全部读取</translation>
    </message>
    <message>
        <source>reading liquidations of {symbol}</source>
        <translation>正在读取 {symbol} 的强平</translation>
    </message>
    <message>
        <source>looking for {key}</source>
        <translation>正在查找 {key}</translation>
    </message>
    <message>
        <source>cancelling {key}</source>
        <translation>正在撤单：{key}</translation>
    </message>
    <message>
        <source>arming the dead man&apos;s switch</source>
        <translation>正在启用失联保护</translation>
    </message>
    <message>
        <source>disarming the dead man&apos;s switch</source>
        <translation>正在停用失联保护</translation>
    </message>
    <message>
        <source>{what}: the connection to the exchange was closed; open it again</source>
        <translation>{what}：与交易所的连接已关闭；请重新打开</translation>
    </message>
    <message>
        <source>{what}: the connection to the exchange was closed</source>
        <translation>{what}：与交易所的连接已关闭</translation>
    </message>
    <message>
        <source>{what}: nothing was sent within {seconds} s, because earlier requests are still under way; try again</source>
        <translation>{what}：{seconds} s 内没有发出请求，因为先前的请求仍在进行；请重试</translation>
    </message>
    <message>
        <source>{what}: no complete answer before the connection was closed; what the request did is unknown until it is read again</source>
        <translation>{what}：连接关闭之前没有完整的答复；在重新读取之前，该请求的结果未知</translation>
    </message>
    <message>
        <source>nothing of the account could be read from {exchange}</source>
        <translation>无法从 {exchange} 读取账户的任何内容</translation>
    </message>
    <message>
        <source>the markets of {exchange} could not be loaded</source>
        <translation>无法加载 {exchange} 的市场</translation>
    </message>
    <message>
        <source>the account could not be read</source>
        <translation>无法读取账户</translation>
    </message>
    <message>
        <source>the dead man&apos;s switch could not be set</source>
        <translation>无法设置失联保护</translation>
    </message>
    <message>
        <source>{kind} · {market} · {where}</source>
        <translation>{kind} · {market} · {where}</translation>
    </message>
    <message>
        <source>{kind} ({variant}) · {market} · {where}</source>
        <translation>{kind}（{variant}）· {market} · {where}</translation>
    </message>
    <message>
        <source>{kind} · {market} · {where} ({reason})</source>
        <translation>{kind} · {market} · {where}（{reason}）</translation>
    </message>
    <message>
        <source>{kind} ({variant}) · {market} · {where} ({reason})</source>
        <translation>{kind}（{variant}）· {market} · {where}（{reason}）</translation>
    </message>
    <message>
        <source>{kind} · {market} · {where} ({reason}); {gaps}</source>
        <translation>{kind} · {market} · {where}（{reason}）；{gaps}</translation>
    </message>
    <message>
        <source>{kind} ({variant}) · {market} · {where} ({reason}); {gaps}</source>
        <translation>{kind}（{variant}）· {market} · {where}（{reason}）；{gaps}</translation>
    </message>
    <message>
        <source>not read again</source>
        <translation>未重新读取</translation>
    </message>
    <message>
        <source>ccxt cannot list this exchange&apos;s open orders</source>
        <translation>ccxt 无法列出该交易所的挂单</translation>
    </message>
    <message>
        <source>ccxt cannot list these orders</source>
        <translation>ccxt 无法列出这些订单</translation>
    </message>
    <message>
        <source>ccxt cannot list these positions</source>
        <translation>ccxt 无法列出这些持仓</translation>
    </message>
    <message>
        <source>ccxt cannot list the trades of {exchange}</source>
        <translation>ccxt 无法列出 {exchange} 的成交</translation>
    </message>
    <message>
        <source>the balance came without any currency; is this the right market type for the account?</source>
        <translation>返回的余额没有任何币种；这是该账户正确的市场类型吗？</translation>
    </message>
    <message>
        <source>the balance of {symbol} came without its amount; look at the exchange itself</source>
        <translation>返回的 {symbol} 余额没有数量；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered something that is no balance; look at the exchange itself</source>
        <translation>交易所的答复不是余额；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered something that is no list; look at the exchange itself</source>
        <translation>交易所的答复不是列表；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered something that is no list of trades</source>
        <translation>交易所的答复不是成交列表</translation>
    </message>
    <message>
        <source>the exchange answered something that is no list of orders</source>
        <translation>交易所返回的不是订单列表</translation>
    </message>
    <message>
        <source>the exchange answered with a failure: {reason}</source>
        <translation>交易所返回失败：{reason}</translation>
    </message>
    <message>
        <source>which kind of order it is could not be read ({reason})</source>
        <translation>无法读取该订单属于哪一类（{reason}）</translation>
    </message>
    <message>
        <source>no list of conditional orders shows it, and of which kind it is decides how it is cancelled</source>
        <translation>任何条件单列表都没有显示它，而撤单方式取决于它属于哪一类</translation>
    </message>
    <message>
        <source>those of a few symbols alone were asked for</source>
        <translation>只查询了少数几个交易对的成交</translation>
    </message>
    <message>
        <source>the exchange answered something that is no order</source>
        <translation>交易所的答复不是订单</translation>
    </message>
    <message>
        <source>the exchange answered with a failure: {words} ({codes}); look at the exchange itself</source>
        <translation>交易所答复失败：{words}（{codes}）；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered with a failure: {words} ({codes})</source>
        <translation>交易所答复失败：{words}（{codes}）</translation>
    </message>
    <message>
        <source>the exchange answered without a list: {words}; look at the exchange itself</source>
        <translation>交易所的答复没有列表：{words}；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered without a list; look at the exchange itself</source>
        <translation>交易所的答复没有列表；请到交易所查看</translation>
    </message>
    <message>
        <source>the exchange answered without a list</source>
        <translation>交易所的答复没有列表</translation>
    </message>
    <message>
        <source>the exchange answered without a list: {words}</source>
        <translation>交易所的答复没有列表：{words}</translation>
    </message>
    <message>
        <source>without words</source>
        <translation>没有说明</translation>
    </message>
    <message>
        <source>no code</source>
        <translation>没有代码</translation>
    </message>
    <message>
        <source>the exchange told a trade without its order, amount or price</source>
        <translation>交易所给出的一笔成交缺少订单、数量或价格</translation>
    </message>
    <message>
        <source>an order came without an id; look at it on the exchange itself</source>
        <translation>返回的一个订单没有 id；请到交易所查看</translation>
    </message>
    <message>
        <source>an order came without a symbol; look at it on the exchange itself</source>
        <translation>返回的一个订单没有交易对；请到交易所查看</translation>
    </message>
    <message>
        <source>order {key} of {symbol} came without a side; look at it on the exchange itself</source>
        <translation>返回的 {symbol} 订单 {key} 没有方向；请到交易所查看</translation>
    </message>
    <message>
        <source>order {key} of {symbol} has the status {told}, which is not known here; look at it on the exchange itself</source>
        <translation>{symbol} 订单 {key} 的状态是 {told}，此处不认识该状态；请到交易所查看</translation>
    </message>
    <message>
        <source>a position of {symbol} came without its quantity; look at the exchange itself</source>
        <translation>返回的 {symbol} 持仓没有数量；请到交易所查看</translation>
    </message>
    <message>
        <source>a position of an unnamed symbol came without its quantity; look at the exchange itself</source>
        <translation>返回的一个未指明交易对的持仓没有数量；请到交易所查看</translation>
    </message>
    <message>
        <source>a position of {contracts} {symbol} came without a side; look at the exchange itself</source>
        <translation>返回的 {contracts} {symbol} 持仓没有方向；请到交易所查看</translation>
    </message>
    <message>
        <source>{count} records came, a full page: there may be more</source>
        <translation>返回了 {count} 条记录，正好满一页：可能还有更多</translation>
    </message>
    <message>
        <source>{count} records came, a full page, and the next one did not follow: there may be more</source>
        <translation>返回了 {count} 条记录，正好满一页，而下一页没有返回：可能还有更多</translation>
    </message>
    <message>
        <source>exactly {count} records came, which looks like a full page: there may be more</source>
        <translation>正好返回了 {count} 条记录，看似满一页：可能还有更多</translation>
    </message>
    <message>
        <source>there are more than {count} pages</source>
        <translation>超过 {count} 页</translation>
    </message>
    <message>
        <source>its pages were read {count} times and differed each time: orders came or went between two pages, and one may have been missed</source>
        <translation>其各页读取了 {count} 次，每次都不同：两页之间有订单出现或消失，可能漏掉了某个订单</translation>
    </message>
    <message>
        <source>take profit and stop loss</source>
        <translation>止盈止损</translation>
    </message>
    <message>
        <source>take-profit, stop-loss and trailing orders</source>
        <translation>止盈、止损和追踪订单</translation>
    </message>
    <message>
        <source>trailing orders</source>
        <translation>追踪订单</translation>
    </message>
    <message>
        <source>one-cancels-the-other orders</source>
        <translation>OCO 订单</translation>
    </message>
    <message>
        <source>take-profit and stop-loss orders of positions</source>
        <translation>持仓的止盈止损订单</translation>
    </message>
    <message>
        <source>international perpetuals</source>
        <translation>国际永续合约</translation>
    </message>
    <message>
        <source>linear USDT</source>
        <translation>USDT 本位</translation>
    </message>
    <message>
        <source>linear USDC</source>
        <translation>USDC 本位</translation>
    </message>
    <message>
        <source>just placed</source>
        <translation>刚提交</translation>
    </message>
    <message>
        <source>the exchange cannot be asked for liquidations of this symbol</source>
        <translation>无法向交易所查询此交易对的强平</translation>
    </message>
    <message>
        <source>a liquidation came without its time</source>
        <translation>返回的一笔强平没有时间</translation>
    </message>
    <message>
        <source>only the last seven days could be asked for</source>
        <translation>只能查询最近七天</translation>
    </message>
    <message>
        <source>the exchange answered about order {key}, which was not asked for</source>
        <translation>交易所答复的是未曾查询的订单 {key}</translation>
    </message>
    <message>
        <source>its trigger fired; the exchange does not say which order it became</source>
        <translation>它已触发；交易所未说明它变成了哪个订单</translation>
    </message>
    <message>
        <source>the exchange does not say which order it became</source>
        <translation>交易所未说明它变成了哪个订单</translation>
    </message>
    <message>
        <source>its trigger fired and placed order {key}, which could not be read: {reason}</source>
        <translation>它已触发并提交了订单 {key}，而该订单无法读取：{reason}</translation>
    </message>
    <message>
        <source>its trigger fired and placed order {key}, which is {status}</source>
        <translation>它已触发并提交了订单 {key}，该订单{status}</translation>
    </message>
    <message>
        <source>ccxt cannot ask {exchange} for an order by its client order id, and its lists do not show it</source>
        <translation>ccxt 无法按客户端订单编号向 {exchange} 查询订单，其列表中也没有它</translation>
    </message>
    <message>
        <source>ccxt cannot ask {exchange} for an order by itself, and its lists do not show it</source>
        <translation>ccxt 无法向 {exchange} 单独查询订单，其列表中也没有它</translation>
    </message>
    <message>
        <source>ccxt cannot ask {exchange} for an order by its client order id, and its lists do not show it; {reason}</source>
        <translation>ccxt 无法按客户端订单编号向 {exchange} 查询订单，其列表中也没有它；{reason}</translation>
    </message>
    <message>
        <source>ccxt cannot ask {exchange} for an order by itself, and its lists do not show it; {reason}</source>
        <translation>ccxt 无法向 {exchange} 单独查询订单，其列表中也没有它；{reason}</translation>
    </message>
    <message>
        <source>it is not open, and the lists of ended orders could not be read: {reason}</source>
        <translation>它不在未成交委托中，且无法读取已结束委托的列表：{reason}</translation>
    </message>
    <message>
        <source>the exchange answered without saying about which order</source>
        <translation>交易所的答复没有说明是哪个订单</translation>
    </message>
    <message>
        <source>the exchange answered about order {key}, not {asked}</source>
        <translation>交易所答复的是订单 {key}，而不是 {asked}</translation>
    </message>
    <message>
        <source>the exchange rejected the cancellation without saying why</source>
        <translation>交易所拒绝撤单，且未说明原因</translation>
    </message>
    <message>
        <source>nothing was sent: the exchange&apos;s id of the order is not known; read the order first</source>
        <translation>没有发送任何请求：不知道该订单在交易所的 id；请先读取订单</translation>
    </message>
    <message>
        <source>nothing was sent: {reason}</source>
        <translation>没有发送任何请求：{reason}</translation>
    </message>
    <message>
        <source>the exchange&apos;s id of the order is not known; read the order first</source>
        <translation>不知道该订单在交易所的 id；请先读取订单</translation>
    </message>
    <message>
        <source>dead man&apos;s switch armed: {what}</source>
        <translation>失联保护已启用：{what}</translation>
    </message>
    <message>
        <source>dead man&apos;s switch refreshed again: {what}</source>
        <translation>失联保护已重新刷新：{what}</translation>
    </message>
    <message>
        <source>dead man&apos;s switch covers something else now: {what}</source>
        <translation>失联保护的范围已变化：{what}</translation>
    </message>
    <message>
        <source>dead man&apos;s switch could not be disarmed: {problem}</source>
        <translation>失联保护无法停用：{problem}</translation>
    </message>
    <message>
        <source>{seconds} s after the bot&apos;s last sign the exchange cancels all orders of the account, protective stops too</source>
        <translation>机器人最后一次活动 {seconds} s 后，交易所对账户的所有订单撤单，包括保护性止损单</translation>
    </message>
    <message>
        <source>{seconds} s after the bot&apos;s last sign the exchange cancels all orders of the account, but not protective stops</source>
        <translation>机器人最后一次活动 {seconds} s 后，交易所对账户的所有订单撤单，保护性止损单除外</translation>
    </message>
    <message>
        <source>{seconds} s after the bot&apos;s last sign the exchange cancels the orders of {names}, protective stops too</source>
        <translation>机器人最后一次活动 {seconds} s 后，交易所对 {names} 的订单撤单，包括保护性止损单</translation>
    </message>
    <message>
        <source>{seconds} s after the bot&apos;s last sign the exchange cancels the orders of {names}, but not protective stops</source>
        <translation>机器人最后一次活动 {seconds} s 后，交易所对 {names} 的订单撤单，保护性止损单除外</translation>
    </message>
    <message>
        <source>the dead man&apos;s switch could not be refreshed in time ({problem}): the exchange has cancelled the orders that it covers, protective stops too. Compare with the exchange, and protect your positions</source>
        <translation>失联保护未能及时刷新（{problem}）：交易所已对其范围内的订单撤单，包括保护性止损单。请与交易所对比，并保护您的持仓</translation>
    </message>
    <message>
        <source>the dead man&apos;s switch could not be refreshed: {problem}. Unless that succeeds within {seconds} s, the exchange cancels the orders that it covers, protective stops too</source>
        <translation>失联保护无法刷新：{problem}。如果 {seconds} s 内仍不成功，交易所会对其范围内的订单撤单，包括保护性止损单</translation>
    </message>
    <message>
        <source>the run before armed a dead man&apos;s switch that fires in about {seconds} s and cancels what it covers, the orders of this run and protective stops too: arm it anew now, or place nothing before it has fired</source>
        <translation>上一次运行启用了失联保护，它将在约 {seconds} s 后触发，并对其范围内的订单撤单，包括本次运行的订单和保护性止损单：请立即重新启用，或在它触发之前不要下单</translation>
    </message>
    <message>
        <source>{exchange} offers no dead man&apos;s switch for {market} orders that can be used here: {reason}. Orders stay as they are when the bot dies</source>
        <translation>{exchange} 没有可在此使用的 {market} 订单失联保护：{reason}。机器人停止后订单保持原样</translation>
    </message>
    <message>
        <source>its timer watches a websocket connection and cannot be refreshed by requests</source>
        <translation>它的计时器监视 websocket 连接，无法用请求刷新</translation>
    </message>
    <message>
        <source>its timer covers only orders that were placed with a group number</source>
        <translation>它的计时器只覆盖带组号提交的订单</translation>
    </message>
    <message>
        <source>ccxt cannot disarm its timer, and it may fire ten times a day only</source>
        <translation>ccxt 无法停用它的计时器，而且每天最多触发十次</translation>
    </message>
    <message>
        <source>its timer covers spot orders only</source>
        <translation>它的计时器只覆盖现货订单</translation>
    </message>
    <message>
        <source>neither ccxt nor Crashdesk knows one for {symbol}</source>
        <translation>ccxt 和 Crashdesk 都不知道 {symbol} 有失联保护</translation>
    </message>
    <message>
        <source>neither ccxt nor Crashdesk knows one</source>
        <translation>ccxt 和 Crashdesk 都不知道有失联保护</translation>
    </message>
    <message>
        <source>{exchange} has a dead man&apos;s switch for each symbol: name the symbols that the bot trades</source>
        <translation>{exchange} 的失联保护按交易对设置：请指明机器人交易的交易对</translation>
    </message>
    <message>
        <source>the plan that was shown is not the one to execute any more; compare again and decide anew</source>
        <translation>显示的方案已不是要执行的方案；请重新对比后再作决定</translation>
    </message>
    <message>
        <source>this plan was executed before; compare again to see what is left</source>
        <translation>此方案先前已执行；请重新对比，查看还剩什么</translation>
    </message>
    <message>
        <source>checkpoint {seq}, which was compared, is gone from {directory}: it was deleted, or another disk is mounted there; nothing was sent. Bring it back, or compare again and decide anew</source>
        <translation>对比所用的检查点 {seq} 已不在 {directory} 中：它被删除，或那里挂载了另一个磁盘；没有发送任何请求。请将它放回，或重新对比后再作决定</translation>
    </message>
    <message>
        <source>checkpoint {seq} is newer than the comparison: the bot has run or was recovered since; compare again and decide anew</source>
        <translation>检查点 {seq} 比对比更新：此后机器人运行过或已被恢复；请重新对比后再作决定</translation>
    </message>
    <message>
        <source>the journal holds changes that are newer than the comparison: the bot has run or was recovered since; compare again and decide anew</source>
        <translation>流水日志中有比对比更新的变更：此后机器人运行过或已被恢复；请重新对比后再作决定</translation>
    </message>
    <message>
        <source>the journal was damaged and is repaired now: it tells more than what was compared; compare again and decide anew</source>
        <translation>流水日志曾损坏，现已修复：其内容多于对比时所知；请重新对比后再作决定</translation>
    </message>
    <message>
        <source>{key} is no orphan order of this plan; compare again before deciding</source>
        <translation>{key} 不是此方案中的孤立订单；请在决定之前重新对比</translation>
    </message>
    <message>
        <source>there are two decisions on {key}; compare again and decide once</source>
        <translation>对 {key} 有两个决定；请重新对比，并只作一个决定</translation>
    </message>
    <message>
        <source>an interrupted plan cannot be read back ({problem}); compare again instead</source>
        <translation>无法读回中断的方案（{problem}）；请改为重新对比</translation>
    </message>
    <message>
        <source>no recovery of this store was interrupted; leave --resume out to begin one</source>
        <translation>此存储库没有中断的恢复；请去掉 --resume 重新开始</translation>
    </message>
    <message>
        <source>nothing was sent: {count} orders cannot be cancelled: {reason}</source>
        <translation>没有发送任何请求：{count} 个订单无法撤单：{reason}</translation>
    </message>
    <message>
        <source>the store vanished or its journal was replaced while the recovery ran; the orders that are left were not touched</source>
        <translation>恢复期间存储库消失或其流水日志被替换；剩余的订单未处理</translation>
    </message>
    <message>
        <source>the audit log cannot be written any more: {problem}; the orders that are left were not touched</source>
        <translation>审计日志已无法写入：{problem}；剩余的订单未处理</translation>
    </message>
    <message>
        <source>the exchange&apos;s limit asks for a pause of {seconds} s ({reason}): the orders that are left were not touched; resume the recovery after it</source>
        <translation>交易所的限制要求暂停 {seconds} s（{reason}）：剩余的订单未处理；请在此之后继续恢复</translation>
    </message>
    <message>
        <source>{why}; what was done stands in this report alone, nothing was saved</source>
        <translation>{why}；已做的只见于本报告，未保存任何内容</translation>
    </message>
    <message>
        <source>the exchange could not be read again, so nothing was saved: {problem}. Resume the recovery once it answers</source>
        <translation>未能再次读取交易所，因此没有保存任何内容：{problem}。请在它能应答后继续这次恢复</translation>
    </message>
    <message>
        <source>nothing was saved: {problem}. What was done on the exchange stays done; resume the recovery</source>
        <translation>未保存任何内容：{problem}。在交易所已做的操作不会撤回；请继续恢复</translation>
    </message>
    <message>
        <source>the checkpoint was saved, but the audit log could not be completed: {problem}. Make room, then resume the recovery</source>
        <translation>检查点已保存，但审计日志未能写全：{problem}。请先腾出空间，再继续这次恢复</translation>
    </message>
    <message>
        <source>the exchange could not be read again after cancelling: {problem}</source>
        <translation>撤单之后无法重新读取交易所：{problem}</translation>
    </message>
    <message>
        <source>{count} orphan orders were left for an operator: the journal, which tells the orders that somebody decided to keep, cannot be relied on ({problem})</source>
        <translation>{count} 个孤立订单留给操作员处理：记录了决定保留哪些订单的流水日志不可信（{problem}）</translation>
    </message>
    <message>
        <source>{count} open orders carry the prefix {prefix}, and the bot never wrote them down; they were left for an operator. If another bot&apos;s prefix begins with the same, name that in other_prefixes</source>
        <translation>有 {count} 个挂单带有前缀 {prefix}，但机器人从未记下它们；它们留待操作员处理。如果另一个机器人的前缀以相同的字符开头，请在 other_prefixes 中写明</translation>
    </message>
    <message>
        <source>the checkpoint could not be made: the bot&apos;s snapshot failed with {problem}</source>
        <translation>无法生成检查点：机器人的快照出错：{problem}</translation>
    </message>
    <message>
        <source>the recovery manager was closed before this checkpoint was made</source>
        <translation>在生成此检查点之前，恢复管理器已关闭</translation>
    </message>
    <message>
        <source>there is no exchange to synchronise with: give one to RecoveryManager</source>
        <translation>没有可同步的交易所：请给 RecoveryManager 一个交易所</translation>
    </message>
    <message>
        <source>the store {directory} could not be closed within {seconds} s: the disk does not answer. What changed last may not be durable ({count} changes wait). It stays locked while this process goes on trying; look at the disk, and compare with the exchange at the next start</source>
        <translation>未能在 {seconds} s 内关闭存储库 {directory}：磁盘没有响应。最后的变更可能没有持久保存（{count} 项变更在等待）。此进程继续尝试期间它保持锁定；请检查磁盘，并在下次启动时与交易所对比</translation>
    </message>
    <message>
        <source>a cancel was intended before; {what}</source>
        <translation>先前已打算撤单；{what}</translation>
    </message>
    <message>
        <source>refused: {reason}; it could not be read again either ({problem}); compare again</source>
        <translation>被拒绝：{reason}；也无法重新读取（{problem}）；请重新对比</translation>
    </message>
    <message>
        <source>nothing was sent: {reason}; it could not be read again either ({problem}); compare again</source>
        <translation>没有发送任何请求：{reason}；也无法重新读取（{problem}）；请重新对比</translation>
    </message>
    <message>
        <source>refused: {reason}; the exchange no longer has it, and does not say whether it filled; compare the positions</source>
        <translation>被拒绝：{reason}；交易所已没有它，也未说明是否成交；请核对持仓</translation>
    </message>
    <message>
        <source>nothing was sent: {reason}; the exchange no longer has it, and does not say whether it filled; compare the positions</source>
        <translation>没有发送任何请求：{reason}；交易所已没有它，也未说明是否成交；请核对持仓</translation>
    </message>
    <message>
        <source>the exchange no longer has it, nor tells whether a part had filled</source>
        <translation>交易所已没有它，也未说明是否部分成交</translation>
    </message>
    <message>
        <source>the exchange no longer has it and does not say whether it filled or was cancelled; compare the positions</source>
        <translation>交易所已没有它，也未说明是成交还是被撤单；请核对持仓</translation>
    </message>
    <message>
        <source>the exchange no longer has it</source>
        <translation>交易所已没有它</translation>
    </message>
    <message>
        <source>still open when the exchange was read again</source>
        <translation>再次读取交易所时仍是挂单</translation>
    </message>
    <message>
        <source>it is {status} now, {filled} filled</source>
        <translation>它现在{status}，已成交 {filled}</translation>
    </message>
    <message>
        <source>what became of it could not be read ({reason}); compare again</source>
        <translation>无法读取它的结果（{reason}）；请重新对比</translation>
    </message>
    <message>
        <source>reduce-only</source>
        <translation>只减仓</translation>
    </message>
    <message>
        <source>close-position</source>
        <translation>平仓</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>{field} {old} → {new}</source>
        <translation>{field} {old} → {new}</translation>
    </message>
    <message>
        <source>cancelling {what}</source>
        <translation>正在撤单：{what}</translation>
    </message>
    <message>
        <source>adopting {what}</source>
        <translation>正在接管：{what}</translation>
    </message>
    <message>
        <source>leaving {what}</source>
        <translation>正在保留：{what}</translation>
    </message>
    <message>
        <source>{what}: waiting {seconds} s for the exchange&apos;s limit</source>
        <translation>{what}：因交易所的限制等待 {seconds} s</translation>
    </message>
    <message>
        <source>waiting {seconds} s for the exchange&apos;s limit</source>
        <translation>因交易所的限制等待 {seconds} s</translation>
    </message>
    <message>
        <source>there is no incident yet; wait until the demonstration is staged</source>
        <translation>还没有事故；请等演示准备就绪</translation>
    </message>
    <message>
        <source>the sample bot did not start; its own messages are above</source>
        <translation>示例机器人没有启动；它自己的消息在上方</translation>
    </message>
    <message>
        <source>the sample bot could not start: {reason}</source>
        <translation>示例机器人无法启动：{reason}</translation>
    </message>
    <message>
        <source>the sample bot cannot be started: {problem}</source>
        <translation>无法启动示例机器人：{problem}</translation>
    </message>
    <message>
        <source>the sample bot did not end by itself</source>
        <translation>示例机器人没有自行结束</translation>
    </message>
    <message>
        <source>recovery ended with {status}: {problem}</source>
        <translation>恢复以 {status} 结束：{problem}</translation>
    </message>
    <message>
        <source>{directory} is not empty; the demonstration begins with an empty one: name another, or delete it</source>
        <translation>{directory} 不是空的；演示需要空目录：请指定另一个，或删除它</translation>
    </message>
    <message>
        <source>{directory} is a file; name a directory, which need not be there yet</source>
        <translation>{directory} 是文件；请指定目录，它可以尚不存在</translation>
    </message>
    <message>
        <source>{directory} cannot be read: {reason}; name another directory</source>
        <translation>无法读取 {directory}：{reason}；请指定另一个目录</translation>
    </message>
    <message>
        <source>the bot sent no order in time to be killed over; start the demonstration again</source>
        <translation>机器人没有及时发出可供中断的订单；请重新启动演示</translation>
    </message>
    <message>
        <source>the sample bot ended while it should have traded; its own messages are above</source>
        <translation>示例机器人在本应交易时结束；它自己的消息在上方</translation>
    </message>
    <message>
        <source>the sample bot did not trade its day within {seconds} s; this machine is too busy</source>
        <translation>示例机器人未能在 {seconds} s 内完成一天的交易；本机过于繁忙</translation>
    </message>
    <message>
        <source>The embedded exchange cannot listen on 127.0.0.1 port {port}: {problem}. Give it a free port, or 0.</source>
        <translation>内置交易所无法在 127.0.0.1 端口 {port} 上监听：{problem}。请给它一个空闲端口或 0。</translation>
    </message>
    <message>
        <source>The embedded exchange at {address} does not answer: {problem}. Start it again.</source>
        <translation>位于 {address} 的内置交易所没有答复：{problem}。请重新启动它。</translation>
    </message>
    <message>
        <source>The embedded exchange did not start within {seconds} s or ended at once. Its own messages are above; `{command}` must be runnable.</source>
        <translation>内置交易所未能在 {seconds} s 内启动，或立即结束。它自己的消息在上方；`{command}` 必须可以运行。</translation>
    </message>
    <message>
        <source>exchange: {exchange} on {address}, seed {number}</source>
        <translation>交易所：{address} 上的 {exchange}，种子 {number}</translation>
    </message>
    <message>
        <source>bot: killed while order {key} was on its way</source>
        <translation>机器人：在订单 {key} 发出途中被终止</translation>
    </message>
    <message>
        <source>a colleague: one manual order, and a stop that protects the open position</source>
        <translation>一位同事：一个手动订单，以及一个保护持仓的止损单</translation>
    </message>
    <message>
        <source>the market: {count} resting orders filled while the bot was down</source>
        <translation>市场：机器人停止期间有 {count} 个挂单成交</translation>
    </message>
    <message>
        <source>the id is the same, but the client order id is {quoted} instead of {expected}</source>
        <translation>id 相同，但客户端订单编号是 {quoted} 而不是 {expected}</translation>
    </message>
    <message>
        <source>{count} open orders carry the client order id {quoted}</source>
        <translation>{count} 个挂单的客户端订单编号都是 {quoted}</translation>
    </message>
    <message>
        <source>order {id} carries the same client order id, and is to {side}</source>
        <translation>订单 {id} 的客户端订单编号相同，而其方向为{side}</translation>
    </message>
    <message>
        <source>order {id} carries the client order id {quoted}, and order {known} could not be read by itself</source>
        <translation>订单 {id} 的客户端订单编号是 {quoted}，而订单 {known} 无法单独读取</translation>
    </message>
    <message>
        <source>this is no checkpoint: it starts with {found} instead of {expected}</source>
        <translation>这不是检查点：它以 {found} 开头，而不是 {expected}</translation>
    </message>
    <message>
        <source>this is no checkpoint: the file is empty</source>
        <translation>这不是检查点：文件是空的</translation>
    </message>
    <message>
        <source>the file ends after {bytes} bytes, inside its header</source>
        <translation>文件在 {bytes} 字节后结束，文件头不完整</translation>
    </message>
    <message>
        <source>the file ends after {bytes} bytes, before its checksum</source>
        <translation>文件在 {bytes} 字节后结束，缺少校验和</translation>
    </message>
    <message>
        <source>its format version is 0, which never was</source>
        <translation>它的格式版本是 0，而这个版本从未存在</translation>
    </message>
    <message>
        <source>written by a newer version of Crashdesk (format version {version}, this one reads 1 and 2): update Crashdesk to read it</source>
        <translation>由较新版本的 Crashdesk 写入（格式版本 {version}，本版本可读取 1 和 2）：请更新 Crashdesk 后再读取</translation>
    </message>
    <message>
        <source>the checksum does not fit: the file says {noted}, its bytes give {computed}; it was damaged or cut off</source>
        <translation>校验和不符：文件中记为 {noted}，按其内容算得 {computed}；文件已损坏或被截断</translation>
    </message>
    <message>
        <source>the checksum does not fit</source>
        <translation>校验和不符</translation>
    </message>
    <message>
        <source>the file is {bytes} bytes long; {count} were written</source>
        <translation>文件长 {bytes} 字节；写入的是 {count} 字节</translation>
    </message>
    <message>
        <source>the checksum does not fit: the file says {noted}, its bytes give {computed}, {expected} was written</source>
        <translation>校验和不符：文件中记为 {noted}，按其内容算得 {computed}，写入的是 {expected}</translation>
    </message>
    <message>
        <source>{count} {label} cannot be in the {bytes} bytes that are left</source>
        <translation>剩余的 {bytes} 字节容不下 {count} 个{label}</translation>
    </message>
    <message>
        <source>the amount {quoted} at byte {byte} is not in canonical decimal form</source>
        <translation>第 {byte} 字节处的数额 {quoted} 不是规范的十进制形式</translation>
    </message>
    <message>
        <source>the amount {quoted} at byte {byte} is no decimal number</source>
        <translation>第 {byte} 字节处的数额 {quoted} 不是十进制数</translation>
    </message>
    <message>
        <source>{bytes} bytes too many stand before {where}</source>
        <translation>{where}之前多出 {bytes} 字节</translation>
    </message>
    <message>
        <source>the end of the record</source>
        <translation>记录末尾</translation>
    </message>
    <message>
        <source>the checksum</source>
        <translation>校验和</translation>
    </message>
    <message>
        <source>the text at byte {byte} would end at byte {last}, beyond the content</source>
        <translation>第 {byte} 字节处的文本将在第 {last} 字节结束，超出了内容</translation>
    </message>
    <message>
        <source>the text that ends at byte {byte} is not UTF-8</source>
        <translation>在第 {byte} 字节结束的文本不是 UTF-8</translation>
    </message>
    <message>
        <source>a field at byte {byte} says {bytes} bytes; only {count} are left</source>
        <translation>第 {byte} 字节处的字段说有 {bytes} 字节；只剩 {count} 字节</translation>
    </message>
    <message>
        <source>byte {byte}: {code} is no {label}</source>
        <translation>第 {byte} 字节：{code} 不是有效的{label}</translation>
    </message>
    <message>
        <source>byte {byte}: {code} is no order type</source>
        <translation>第 {byte} 字节：{code} 不是有效的订单类型</translation>
    </message>
    <message>
        <source>the record at byte {byte} cannot be: {problem}</source>
        <translation>第 {byte} 字节处的记录无效：{problem}</translation>
    </message>
    <message>
        <source>the content cannot be: {problem}</source>
        <translation>内容无效：{problem}</translation>
    </message>
    <message>
        <source>the position at byte {byte} has the negative quantity {quantity}</source>
        <translation>第 {byte} 字节处的持仓数量为负：{quantity}</translation>
    </message>
    <message>
        <source>the state of strategy {quoted} is {bytes}; it must be bytes</source>
        <translation>策略 {quoted} 的状态是 {bytes}；它必须是字节串</translation>
    </message>
    <message>
        <source>the state of strategy {quoted} is larger than 4 GiB</source>
        <translation>策略 {quoted} 的状态大于 4 GiB</translation>
    </message>
    <message>
        <source>{label} is {quoted}; it must be text</source>
        <translation>{label}是 {quoted}；它必须是文本</translation>
    </message>
    <message>
        <source>{label} {quoted} is no valid Unicode text: {reason}</source>
        <translation>{label} {quoted} 不是有效的 Unicode 文本：{reason}</translation>
    </message>
    <message>
        <source>{label} is {bytes} bytes long; a checkpoint takes at most 65535</source>
        <translation>{label}长 {bytes} 字节；检查点最多容纳 65535 字节</translation>
    </message>
    <message>
        <source>an amount of {count} digits does not fit; a checkpoint takes at most 65535</source>
        <translation>{count} 位的数额放不下；检查点最多容纳 65535 位</translation>
    </message>
    <message>
        <source>{label} {found} is no time in UNIX nanoseconds that fits 64 bits</source>
        <translation>{label} {found} 不是 64 位的 UNIX 纳秒时间</translation>
    </message>
    <message>
        <source>{label} is {found}; it must be one of {expected}</source>
        <translation>{label}是 {found}；它必须是以下之一：{expected}</translation>
    </message>
    <message>
        <source>{label}: quantity {quantity} is negative; a short position has side sell instead</source>
        <translation>{label}：数量 {quantity} 为负；空头持仓应以 side sell 表示</translation>
    </message>
    <message>
        <source>{label} is {found}; amounts are decimal.Decimal, never float</source>
        <translation>{label}是 {found}；数额须为 decimal.Decimal，不能是 float</translation>
    </message>
    <message>
        <source>{label} is {found}; only finite amounts can be stored</source>
        <translation>{label}是 {found}；只能保存有限的数额</translation>
    </message>
    <message>
        <source>the {label} {quoted} appears twice in one state</source>
        <translation>{label} {quoted} 在同一状态中出现了两次</translation>
    </message>
    <message>
        <source>position {quoted}</source>
        <translation>持仓 {quoted}</translation>
    </message>
    <message>
        <source>order {quoted}</source>
        <translation>订单 {quoted}</translation>
    </message>
    <message>
        <source>position {quoted}: {field}</source>
        <translation>持仓 {quoted}：{field}</translation>
    </message>
    <message>
        <source>order {quoted}: {field}</source>
        <translation>订单 {quoted}：{field}</translation>
    </message>
    <message>
        <source>position id</source>
        <translation>持仓 id</translation>
    </message>
    <message>
        <source>order id</source>
        <translation>订单 id</translation>
    </message>
    <message>
        <source>client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>strategy name</source>
        <translation>策略名称</translation>
    </message>
    <message>
        <source>order type</source>
        <translation>订单类型</translation>
    </message>
    <message>
        <source>order status</source>
        <translation>订单状态</translation>
    </message>
    <message>
        <source>position side</source>
        <translation>持仓方向</translation>
    </message>
    <message>
        <source>price flag</source>
        <translation>价格标志</translation>
    </message>
    <message>
        <source>strategies</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>filled_quantity</source>
        <translation>已成交数量</translation>
    </message>
    <message>
        <source>quantity</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>entry_price</source>
        <translation>开仓均价</translation>
    </message>
    <message>
        <source>unrealized_pnl</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>{directory} cannot be read: {reason}</source>
        <translation>无法读取 {directory}：{reason}</translation>
    </message>
    <message>
        <source>{directory} cannot be read: permission denied; run this as the user that runs the bot</source>
        <translation>无法读取 {directory}：权限不足；请以运行机器人的用户身份运行</translation>
    </message>
    <message>
        <source>{directory} is inside of a store; the store is {store}</source>
        <translation>{directory} 位于存储库内部；存储库是 {store}</translation>
    </message>
    <message>
        <source>{directory} does not exist; give the directory that the bot&apos;s RecoveryConfig names as checkpoint_dir</source>
        <translation>{directory} 不存在；请给出机器人的 RecoveryConfig 中 checkpoint_dir 所指的目录</translation>
    </message>
    <message>
        <source>{directory} is a file; a store is a directory: give the directory that the bot&apos;s RecoveryConfig names as checkpoint_dir</source>
        <translation>{directory} 是文件，而存储库是目录：请给出机器人的 RecoveryConfig 中 checkpoint_dir 所指的目录</translation>
    </message>
    <message>
        <source>{directory} is not a Crashdesk store, but there are stores in it: {names}</source>
        <translation>{directory} 不是 Crashdesk 存储库，但其中有存储库：{names}</translation>
    </message>
    <message>
        <source>{directory} is not a Crashdesk store: it has no checkpoints/ directory; give the directory that the bot&apos;s RecoveryConfig names as checkpoint_dir</source>
        <translation>{directory} 不是 Crashdesk 存储库：其中没有 checkpoints/ 目录；请给出机器人的 RecoveryConfig 中 checkpoint_dir 所指的目录</translation>
    </message>
    <message>
        <source>{directory} has no checkpoint {seq}; `crashdesk list` shows what there is</source>
        <translation>{directory} 中没有检查点 {seq}；`crashdesk list` 会列出现有的检查点</translation>
    </message>
    <message>
        <source>{path} is larger than 1 GiB; it is no checkpoint of ours</source>
        <translation>{path} 大于 1 GiB；它不是我们的检查点</translation>
    </message>
    <message>
        <source>checkpoint {seq} is gone; retention may have removed it</source>
        <translation>检查点 {seq} 已不存在；可能已按保留规则删除</translation>
    </message>
    <message>
        <source>the store {directory} has vanished: it was deleted, moved away or is not mounted. Bring it back; a bot that is running creates a new one when it saves next</source>
        <translation>存储库 {directory} 消失了：它被删除、移走或未挂载。请将它放回；正在运行的机器人会在下次保存时新建一个</translation>
    </message>
    <message>
        <source>the store {directory} has vanished together with the directory that held it; nothing can be saved until it is back or its disk is mounted again</source>
        <translation>存储库 {directory} 连同其上级目录一起消失了；在它恢复或其磁盘重新挂载之前，无法保存任何内容</translation>
    </message>
    <message>
        <source>the store {directory} or its lock was deleted or moved away while it was in use; it was created again. Checkpoints, journal and history that were in it may not be there any more: put them back from a backup, and let the bot save a checkpoint now</source>
        <translation>存储库 {directory} 或它的锁在使用中被删除或移走；已重新创建。其中原有的检查点、流水日志和历史可能已不存在：请从备份放回，并让机器人立即保存一个检查点</translation>
    </message>
    <message>
        <source>{what}: {reason} ({directory}); check the disk, its free space and permissions</source>
        <translation>{what}：{reason}（{directory}）；请检查磁盘、剩余空间和权限</translation>
    </message>
    <message>
        <source>the checkpoints cannot be listed</source>
        <translation>无法列出检查点</translation>
    </message>
    <message>
        <source>checkpoint {seq} cannot be read</source>
        <translation>无法读取检查点 {seq}</translation>
    </message>
    <message>
        <source>the store cannot be read</source>
        <translation>无法读取存储库</translation>
    </message>
    <message>
        <source>the store&apos;s directories cannot be created</source>
        <translation>无法创建存储库的目录</translation>
    </message>
    <message>
        <source>the store has vanished</source>
        <translation>存储库已消失</translation>
    </message>
    <message>
        <source>the store cannot be used any more</source>
        <translation>存储库已无法使用</translation>
    </message>
    <message>
        <source>the store cannot be prepared for writing</source>
        <translation>无法为写入准备存储库</translation>
    </message>
    <message>
        <source>the disk did not confirm a checkpoint</source>
        <translation>磁盘没有确认检查点已写入</translation>
    </message>
    <message>
        <source>a checkpoint cannot be written</source>
        <translation>无法写入检查点</translation>
    </message>
    <message>
        <source>checkpoint {seq} cannot be put in its place</source>
        <translation>无法将检查点 {seq} 放到其位置</translation>
    </message>
    <message>
        <source>checkpoint {seq} was not made durable</source>
        <translation>检查点 {seq} 未能持久保存</translation>
    </message>
    <message>
        <source>checkpoint {seq} cannot be pinned or released</source>
        <translation>无法固定或解除固定检查点 {seq}</translation>
    </message>
    <message>
        <source>old checkpoints cannot be deleted</source>
        <translation>无法删除旧检查点</translation>
    </message>
    <message>
        <source>the disk accepts no more data</source>
        <translation>磁盘不再接受数据</translation>
    </message>
    <message>
        <source>the checkpoints in {directory} vanish faster than they can be read; try again</source>
        <translation>{directory} 中的检查点消失得比读取还快；请重试</translation>
    </message>
    <message>
        <source>{directory} was opened for reading only</source>
        <translation>{directory} 只以读取方式打开</translation>
    </message>
    <message>
        <source>checkpoint number {seq} is not the latest that was reserved in {directory}, or was used already; reserve a number for each checkpoint and save it before the next one is reserved</source>
        <translation>检查点编号 {seq} 不是在 {directory} 中最近预留的，或已被使用；请为每个检查点预留编号，并在预留下一个之前保存</translation>
    </message>
    <message>
        <source>none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was changed</source>
        <translation>{directory} 中的 {count} 个检查点均不可用；最新的一个（{file}）：{reason}。没有更改任何内容</translation>
    </message>
    <message>
        <source>none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was changed: restore a backup of the directory, or start the bot on a new one</source>
        <translation>{directory} 中的 {count} 个检查点均不可用；最新的一个（{file}）：{reason}。没有更改任何内容：请还原目录的备份，或让机器人在新目录上启动</translation>
    </message>
    <message>
        <source>none of the {count} checkpoints in {directory} is usable; the newest ({file}): {reason}. Nothing was changed; {unreadable} of them cannot be read, which says nothing of their content: {problem}</source>
        <translation>{directory} 中的 {count} 个检查点均不可用；最新的一个（{file}）：{reason}。没有更改任何内容；其中 {unreadable} 个无法读取，这并不说明其内容如何：{problem}</translation>
    </message>
    <message>
        <source>there is no checkpoint any more in {directory}, though the journal tells of a state that was: {problem}. Nothing was changed: restore a backup of the directory, or start the bot on a new one</source>
        <translation>{directory} 中已没有检查点，而流水日志表明曾有状态：{problem}。没有更改任何内容：请还原目录的备份，或让机器人在新目录上启动</translation>
    </message>
    <message>
        <source>{reason} (it could not be moved aside: {problem})</source>
        <translation>{reason}（无法将其移开：{problem}）</translation>
    </message>
    <message>
        <source>the disk of {directory} is full: the bot was not started, because nothing that it does could be recorded. Nothing that was stored is lost; free some space (10 MB at least), then start it again ({problem})</source>
        <translation>{directory} 所在的磁盘已满：机器人没有启动，因为它所做的任何事都无法记录。已保存的内容没有丢失；请腾出一些空间（至少 10 MB），然后重新启动它（{problem}）</translation>
    </message>
    <message>
        <source>Crashdesk&apos;s resource {file} is missing: install the package again</source>
        <translation>缺少 Crashdesk 的资源 {file}：请重新安装软件包</translation>
    </message>
    <message>
        <source>a checkpoint&apos;s mark is {bytes} bytes long</source>
        <translation>检查点标记长 {bytes} 字节</translation>
    </message>
    <message>
        <source>the checksum of changes {first} to {last} does not fit</source>
        <translation>变更 {first} 至 {last} 的校验和不符</translation>
    </message>
    <message>
        <source>changes {first} to {last} cannot be told apart near byte {byte}</source>
        <translation>变更 {first} 至 {last} 在第 {byte} 字节附近无法区分</translation>
    </message>
    <message>
        <source>changes {first} to {last} are not complete</source>
        <translation>变更 {first} 至 {last} 不完整</translation>
    </message>
    <message>
        <source>changes {first} to {last} are missing</source>
        <translation>缺少变更 {first} 至 {last}</translation>
    </message>
    <message>
        <source>changes {first} to {last} were lost with a damaged journal ({reason})</source>
        <translation>变更 {first} 至 {last} 随损坏的流水日志丢失（{reason}）</translation>
    </message>
    <message>
        <source>change {number}: {problem}</source>
        <translation>变更 {number}：{problem}</translation>
    </message>
    <message>
        <source>change {number}: how checkpoint {seq} came to be was not journalled</source>
        <translation>变更 {number}：检查点 {seq} 的由来没有记入流水日志</translation>
    </message>
    <message>
        <source>the journal begins after the state that it continues</source>
        <translation>流水日志的开头晚于它所接续的状态</translation>
    </message>
    <message>
        <source>the journal is empty: what happened after checkpoint {seq} is not known</source>
        <translation>流水日志是空的：检查点 {seq} 之后发生的事未知</translation>
    </message>
    <message>
        <source>the journal does not know checkpoint {seq}: it is of another store, an older copy, was begun anew, or could not be written at that time</source>
        <translation>流水日志中没有检查点 {seq}：它属于另一个存储库、是较旧的副本、是重新开始的，或当时无法写入</translation>
    </message>
    <message>
        <source>{path} was deleted, moved or replaced while it was in use; it is written anew from what is still open. Leave the store&apos;s files alone while a bot runs</source>
        <translation>{path} 在使用中被删除、移走或替换；正根据仍打开的内容重新写入。机器人运行时请勿动存储库的文件</translation>
    </message>
    <message>
        <source>{file} or its log was deleted, moved or replaced while in use</source>
        <translation>{file} 或它的日志在使用中被删除、移走或替换</translation>
    </message>
    <message>
        <source>the journal is missing; a new one was begun. Intents and decisions before now may not be known: orders without the bot&apos;s prefix cannot be told apart, and until an operator has looked at every order none is cancelled unattended</source>
        <translation>流水日志缺失；已新建一个。此前的意图和决定可能未知：无法分辨没有机器人前缀的订单；在操作员查看每个订单之前，不会无人值守地对任何订单撤单</translation>
    </message>
    <message>
        <source>the journal was damaged ({reason}) and moved to corrupt/; a new one was begun with what could be kept. Intents and decisions before now may not be known: orders without the bot&apos;s prefix cannot be told apart, and until an operator has looked at every order none is cancelled unattended</source>
        <translation>流水日志已损坏（{reason}），已移到 corrupt/；已用能保留的内容新建一个。此前的意图和决定可能未知：无法分辨没有机器人前缀的订单；在操作员查看每个订单之前，不会无人值守地对任何订单撤单</translation>
    </message>
    <message>
        <source>the journal was damaged ({reason}) and moved to corrupt/; a new one was begun with what could be kept (not kept: {lost}). Intents and decisions before now may not be known: orders without the bot&apos;s prefix cannot be told apart, and until an operator has looked at every order none is cancelled unattended</source>
        <translation>流水日志已损坏（{reason}），已移到 corrupt/；已用能保留的内容新建一个（未能保留：{lost}）。此前的意图和决定可能未知：无法分辨没有机器人前缀的订单；在操作员查看每个订单之前，不会无人值守地对任何订单撤单</translation>
    </message>
    <message>
        <source>{problem}. Intents and decisions before now may not be known: orders without the bot&apos;s prefix cannot be told apart, and until an operator has looked at every order none is cancelled unattended</source>
        <translation>{problem}。此前的意图和决定可能未知：无法分辨没有机器人前缀的订单；在操作员查看每个订单之前，不会无人值守地对任何订单撤单</translation>
    </message>
    <message>
        <source>not all of the journal could be kept ({reason}): {lost}</source>
        <translation>流水日志未能全部保留（{reason}）：{lost}</translation>
    </message>
    <message>
        <source>{table}: {count} could be kept, then {reason}</source>
        <translation>{table}：保留了 {count} 条，之后{reason}</translation>
    </message>
    <message>
        <source>{table}: {count} of {sum} were damaged</source>
        <translation>{table}：{sum} 条中有 {count} 条已损坏</translation>
    </message>
    <message>
        <source>an entry cannot be read ({problem})</source>
        <translation>有一个条目无法读取（{problem}）</translation>
    </message>
    <message>
        <source>the chain is broken at entry {seq}</source>
        <translation>链条在条目 {seq} 处断开</translation>
    </message>
    <message>
        <source>the damaged journal cannot be read: {reason}</source>
        <translation>无法读取损坏的流水日志：{reason}</translation>
    </message>
    <message>
        <source>the damaged {file} is just being read by this program too; try again</source>
        <translation>损坏的 {file} 正被本程序读取；请重试</translation>
    </message>
    <message>
        <source>the store {store} is on a network file system ({name}), where neither the journal nor the lock is as safe as on a disk of this machine: use it from this machine alone, or better move it to such a disk</source>
        <translation>存储库 {store} 位于网络文件系统（{name}）上，在那里日志和锁都不如本机磁盘可靠：请只从本机使用它，最好移到本机磁盘上</translation>
    </message>
    <message>
        <source>{file} is open in the process that this one is a fork of; only that one writes</source>
        <translation>{file} 已由派生出本进程的父进程打开；只有父进程可以写入</translation>
    </message>
    <message>
        <source>the journal&apos;s log was damaged: at least {count} commits after the damage are lost</source>
        <translation>流水日志的日志文件已损坏：损坏处之后至少丢失 {count} 次提交</translation>
    </message>
    <message>
        <source>the journal&apos;s log (journal.sqlite-wal) was deleted or cut off: what was committed last is lost</source>
        <translation>流水日志的日志文件（journal.sqlite-wal）被删除或截断：最后提交的内容已丢失</translation>
    </message>
    <message>
        <source>the journal cannot be written: {problem}. What changes now is not safe until it can be again, or a checkpoint succeeds; the bot trades on, and an intent is refused</source>
        <translation>无法写入流水日志：{problem}。在可以重新写入或成功保存检查点之前，现在的变更不受保护；机器人继续交易，新的意图会被拒绝</translation>
    </message>
    <message>
        <source>the journal failed: {problem}</source>
        <translation>流水日志出错：{problem}</translation>
    </message>
    <message>
        <source>the state could not be handed to the journal again: {problem}</source>
        <translation>无法再次将状态交给流水日志：{problem}</translation>
    </message>
    <message>
        <source>the journal is written again; the whole state was journalled anew</source>
        <translation>流水日志已恢复写入；整个状态已重新记入</translation>
    </message>
    <message>
        <source>the disk does not keep up with the changes of the bot</source>
        <translation>磁盘跟不上机器人的变更</translation>
    </message>
    <message>
        <source>the disk is slow: it took {seconds} s to make {count} journal entries durable; a crash in such a moment loses what is waiting</source>
        <translation>磁盘很慢：用了 {seconds} s 才持久保存 {count} 条流水；此时崩溃会丢失正在等待的内容</translation>
    </message>
    <message>
        <source>this intent cannot be stored: {problem}</source>
        <translation>无法保存此意图：{problem}</translation>
    </message>
    <message>
        <source>this is not durable: {problem}</source>
        <translation>这没有持久保存：{problem}</translation>
    </message>
    <message>
        <source>a commit was interrupted</source>
        <translation>提交被中断</translation>
    </message>
    <message>
        <source>it was interrupted on its way to the disk</source>
        <translation>它在写入磁盘途中被中断</translation>
    </message>
    <message>
        <source>a batch of changes is not what was written</source>
        <translation>有一批变更与写入的不符</translation>
    </message>
    <message>
        <source>its checksum does not fit</source>
        <translation>它的校验和不符</translation>
    </message>
    <message>
        <source>an intent&apos;s checksum does not fit</source>
        <translation>有一个意图的校验和不符</translation>
    </message>
    <message>
        <source>the journal notes causes that are none</source>
        <translation>流水日志记录了不存在的原因</translation>
    </message>
    <message>
        <source>{quoted} is no cause of a checkpoint</source>
        <translation>{quoted} 不是检查点的有效原因</translation>
    </message>
    <message>
        <source>a column of numbers holds something else</source>
        <translation>数字列中有其他内容</translation>
    </message>
    <message>
        <source>{file} is missing, while its log {log} is there</source>
        <translation>{file} 缺失，而它的日志 {log} 还在</translation>
    </message>
    <message>
        <source>{file} is empty: it was cut off</source>
        <translation>{file} 是空的：它被截断了</translation>
    </message>
    <message>
        <source>{file} cannot be opened: {reason}</source>
        <translation>无法打开 {file}：{reason}</translation>
    </message>
    <message>
        <source>{file} cannot be used: {problem}</source>
        <translation>无法使用 {file}：{problem}</translation>
    </message>
    <message>
        <source>{file} holds an entry that cannot be read: {problem}</source>
        <translation>{file} 中有无法读取的条目：{problem}</translation>
    </message>
    <message>
        <source>{file} is damaged: {problem}</source>
        <translation>{file} 已损坏：{problem}</translation>
    </message>
    <message>
        <source>{file} is damaged: its tables are not those of a journal</source>
        <translation>{file} 已损坏：其中的表不是流水日志的表</translation>
    </message>
    <message>
        <source>{file} is damaged: its check says nothing</source>
        <translation>{file} 已损坏：其自检没有说明原因</translation>
    </message>
    <message>
        <source>{file} is damaged: the two places of its version say {found} and {expected}</source>
        <translation>{file} 已损坏：两处版本号分别为 {found} 和 {expected}</translation>
    </message>
    <message>
        <source>{file} is damaged and cannot be replaced: {problem}</source>
        <translation>{file} 已损坏且无法替换：{problem}</translation>
    </message>
    <message>
        <source>{file} was written by a newer version of Crashdesk; update Crashdesk to read it</source>
        <translation>{file} 由较新版本的 Crashdesk 写入；请更新 Crashdesk 后再读取</translation>
    </message>
    <message>
        <source>{file} holds nothing of Crashdesk&apos;s</source>
        <translation>{file} 中没有 Crashdesk 的内容</translation>
    </message>
    <message>
        <source>the disk failed under {file}: {problem}</source>
        <translation>{file} 所在的磁盘出错：{problem}</translation>
    </message>
    <message>
        <source>the new {file} could not be completed</source>
        <translation>无法完成新的 {file}</translation>
    </message>
    <message>
        <source>a new {file} cannot be written: {reason}</source>
        <translation>无法写入新的 {file}：{reason}</translation>
    </message>
    <message>
        <source>{file} cannot be replaced by its copy: {reason}</source>
        <translation>无法用副本替换 {file}：{reason}</translation>
    </message>
    <message>
        <source>it was being replaced when the process ended</source>
        <translation>进程结束时它正在被替换</translation>
    </message>
    <message>
        <source>the log of {file} cannot be read: {reason}</source>
        <translation>无法读取 {file} 的日志：{reason}</translation>
    </message>
    <message>
        <source>{directory} cannot be written ({reason}); check its permissions and free space</source>
        <translation>无法写入 {directory}（{reason}）；请检查其权限和剩余空间</translation>
    </message>
    <message>
        <source>outcome {seq} of the audit log cannot be read back: {problem}</source>
        <translation>无法读回审计日志中的结果 {seq}：{problem}</translation>
    </message>
    <message>
        <source>the store {directory} is in use by {who}; stop it first, or look at the store without writing</source>
        <translation>存储库 {directory} 正被{who}使用；请先停止它，或只查看而不写入</translation>
    </message>
    <message>
        <source>{who} (process {pid} on {host})</source>
        <translation>{who}（{host} 上的进程 {pid}）</translation>
    </message>
    <message>
        <source>another process</source>
        <translation>另一个进程</translation>
    </message>
    <message>
        <source>the lock of {directory} cannot be taken: {reason}; nothing was written. Run this as the user that runs the bot, on the store itself and not on a copy that may only be read</source>
        <translation>无法取得 {directory} 的锁：{reason}；没有写入任何内容。请以运行机器人的用户身份，在存储库本身而非只读副本上运行</translation>
    </message>
    <message>
        <source>whether {directory} is in use cannot be told: {reason}</source>
        <translation>无法判断 {directory} 是否在使用中：{reason}</translation>
    </message>
    <message>
        <source>the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on {host}), with the same client order id prefix {quoted}: each would take the other&apos;s orders for orphans. Stop it first, or give each bot a client_order_id_prefix of its own; if these are two accounts, give each its own `account` label</source>
        <translation>{exchange} 的{mode}账户 {account} 正被{who}使用（存储库 {store}，{host} 上的进程 {pid}），客户端订单编号前缀同为 {quoted}：双方会把对方的订单当作孤立订单。请先停止它，或为每个机器人设置各自的 client_order_id_prefix；如果这是两个账户，请为其设置各自的 `account` 标签</translation>
    </message>
    <message>
        <source>the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on {host}), and neither names a client order id prefix: each would take the other&apos;s orders for orphans. Stop it first, or give each bot a client_order_id_prefix of its own; if these are two accounts, give each its own `account` label</source>
        <translation>{exchange} 的{mode}账户 {account} 正被{who}使用（存储库 {store}，{host} 上的进程 {pid}），且双方都没有设置客户端订单编号前缀：双方会把对方的订单当作孤立订单。请先停止它，或为每个机器人设置各自的 client_order_id_prefix；如果这是两个账户，请为其设置各自的 `account` 标签</translation>
    </message>
    <message>
        <source>the {mode} account {account} of {exchange} is in use by {who} of the store {store} (process {pid} on {host}), and the store {declaring} declares that nothing else trades there (exclusive_account): orders of one would be cancelled as orphans of the other. Stop it first, or take the declaration out of that store.toml</source>
        <translation>{exchange} 的{mode}账户 {account} 正被{who}使用（存储库 {store}，{host} 上的进程 {pid}），而存储库 {declaring} 声明该账户没有其他交易者（exclusive_account）：一方的订单会被当作另一方的孤立订单而撤单。请先停止它，或从该 store.toml 中删除此声明</translation>
    </message>
    <message>
        <source>without a label</source>
        <translation>（无标签）</translation>
    </message>
    <message>
        <source>there is no home directory; name a directory for the locks in {variable}</source>
        <translation>没有主目录；请在 {variable} 中指定存放锁的目录</translation>
    </message>
    <message>
        <source>whether another bot uses the account cannot be told: {directory}: {reason}. Make it writable, or name another directory in {variable}</source>
        <translation>无法判断是否有其他机器人使用该账户：{directory}：{reason}。请使其可写，或在 {variable} 中指定另一个目录</translation>
    </message>
    <message>
        <source>{file} is damaged ({problem}); delete it when no bot runs</source>
        <translation>{file} 已损坏（{problem}）；请在没有机器人运行时删除它</translation>
    </message>
    <message>
        <source>it is held by another process</source>
        <translation>它被另一个进程占用</translation>
    </message>
    <message>
        <source>store</source>
        <translation>存储库</translation>
    </message>
    <message>
        <source>audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>the store&apos;s directory</source>
        <translation>存储库的目录</translation>
    </message>
    <message>
        <source>not one checkpoint can be read by this version</source>
        <translation>此版本无法读取任何检查点</translation>
    </message>
    <message>
        <source>not one checkpoint is valid</source>
        <translation>没有有效的检查点</translation>
    </message>
    <message>
        <source>restore a backup of the directory before starting the bot</source>
        <translation>请在启动机器人之前还原目录的备份</translation>
    </message>
    <message>
        <source>update Crashdesk</source>
        <translation>请更新 Crashdesk</translation>
    </message>
    <message>
        <source>update Crashdesk; the file is as it was</source>
        <translation>请更新 Crashdesk；文件保持原样</translation>
    </message>
    <message>
        <source>was moved aside earlier: {reason}</source>
        <translation>先前已被移开：{reason}</translation>
    </message>
    <message>
        <source>it is evidence: keep it until the incident is understood</source>
        <translation>它是证据：在弄清事故之前请保留</translation>
    </message>
    <message>
        <source>is what an interrupted save left behind</source>
        <translation>是中断的保存留下的</translation>
    </message>
    <message>
        <source>the bot&apos;s next start, or --repair, removes it</source>
        <translation>机器人下次启动或 --repair 会将其删除</translation>
    </message>
    <message>
        <source>{who} is writing to it at this moment; not checked: what it has not handed to the disk yet, and whether the disk has kept what was written last</source>
        <translation>{who}此刻正在写入；未校验：它尚未交给磁盘的内容，以及磁盘是否保住了最后写入的内容</translation>
    </message>
    <message>
        <source>get_stats().journal of the bot tells what is not durable yet; check again when it is stopped</source>
        <translation>机器人的 get_stats().journal 会给出尚未持久保存的内容；请在它停止后重新校验</translation>
    </message>
    <message>
        <source>the bot&apos;s next start stops with status corrupted until that is done</source>
        <translation>在此之前，机器人下次启动会以状态 corrupted 停止</translation>
    </message>
    <message>
        <source>there is no checkpoint yet</source>
        <translation>尚无检查点</translation>
    </message>
    <message>
        <source>nothing to do if the bot has never run</source>
        <translation>如果机器人从未运行过，则无需处理</translation>
    </message>
    <message>
        <source>check the disk and the permissions</source>
        <translation>请检查磁盘和权限</translation>
    </message>
    <message>
        <source>check the permissions</source>
        <translation>请检查权限</translation>
    </message>
    <message>
        <source>cannot be looked at: {reason}</source>
        <translation>无法查看：{reason}</translation>
    </message>
    <message>
        <source>`crashdesk verify --repair` moves it to corrupt/ as long as another one is valid; so does the bot&apos;s next start where it is newer than every valid one</source>
        <translation>只要还有另一个有效的检查点，`crashdesk verify --repair` 就会将它移到 corrupt/；如果它比所有有效的检查点都新，机器人下次启动也会这样做</translation>
    </message>
    <message>
        <source>the second CRC implementation computes {computed}</source>
        <translation>第二种 CRC 实现算得 {computed}</translation>
    </message>
    <message>
        <source>check this machine&apos;s memory and libraries</source>
        <translation>请检查本机的内存和程序库</translation>
    </message>
    <message>
        <source>its name says {found}, its content {expected}</source>
        <translation>文件名记为 {found}，内容记为 {expected}</translation>
    </message>
    <message>
        <source>it was renamed: do not rely on its order</source>
        <translation>它被改过名：请勿依赖其次序</translation>
    </message>
    <message>
        <source>--repair brings it up to date</source>
        <translation>--repair 会使其更新</translation>
    </message>
    <message>
        <source>use --repair: it is moved to corrupt/ and rebuilt from the files that are kept</source>
        <translation>请使用 --repair：它会被移到 corrupt/，并根据保留的文件重建</translation>
    </message>
    <message>
        <source>checkpoint {seq} is not in the history yet: lists and charts leave it out until the desk or --repair adds it</source>
        <translation>检查点 {seq} 尚不在历史中：在操作台或 --repair 加入它之前，列表和图表中没有它</translation>
    </message>
    <message>
        <source>checkpoint {seq} is of {found} ns by its file&apos;s name and of {expected} ns in the history: the history is not of this file; --repair corrects it</source>
        <translation>检查点 {seq} 按文件名为 {found} ns，在历史中为 {expected} ns：历史与此文件不符；--repair 会更正</translation>
    </message>
    <message>
        <source>others on this machine may read it (mode {permissions})</source>
        <translation>本机的其他用户可以读取它（权限 {permissions}）</translation>
    </message>
    <message>
        <source>others on this machine may read it (mode {permissions}), and {count} more</source>
        <translation>本机的其他用户可以读取它（权限 {permissions}），另有 {count} 个</translation>
    </message>
    <message>
        <source>use --repair, or chmod -R go-rwx on the store</source>
        <translation>请使用 --repair，或对存储库执行 chmod -R go-rwx</translation>
    </message>
    <message>
        <source>the bot&apos;s next start, or --repair, keeps what can be read of it in a new one and moves this one to corrupt/</source>
        <translation>机器人下次启动或 --repair 会把其中可读的内容保留到新的流水日志中，并将此文件移到 corrupt/</translation>
    </message>
    <message>
        <source>is missing: what happened after the newest checkpoint is not known, nor what was decided before</source>
        <translation>缺失：最新检查点之后发生的事和先前的决定均未知</translation>
    </message>
    <message>
        <source>restore a copy of the whole directory if there is one; the bot&apos;s next start begins a new journal and says so</source>
        <translation>如有整个目录的副本，请还原；机器人下次启动会新建流水日志并告知</translation>
    </message>
    <message>
        <source>see that nothing else holds the file, then check again</source>
        <translation>请确认没有其他程序占用该文件，然后重新校验</translation>
    </message>
    <message>
        <source>from checkpoint {seq}: {problem}</source>
        <translation>自检查点 {seq} 起：{problem}</translation>
    </message>
    <message>
        <source>compare with the exchange before anything is trusted: changes after that checkpoint may be missing</source>
        <translation>在相信任何内容之前请与交易所对比：该检查点之后的变更可能缺失</translation>
    </message>
    <message>
        <source>checkpoints {first} and {last} do not lead to the same state</source>
        <translation>检查点 {first} 和 {last} 得不到相同的状态</translation>
    </message>
    <message>
        <source>keep a copy of the store and compare with the exchange before the bot starts</source>
        <translation>请保留存储库的副本，并在机器人启动之前与交易所对比</translation>
    </message>
    <message>
        <source>the chain is broken at entry {seq} ({count} in all)</source>
        <translation>链条在条目 {seq} 处断开（共 {count} 处）</translation>
    </message>
    <message>
        <source>somebody changed it: keep a copy</source>
        <translation>有人改动过它：请保留副本</translation>
    </message>
    <message>
        <source>entry {seq} is out of sequence</source>
        <translation>条目 {seq} 次序不连续</translation>
    </message>
    <message>
        <source>entries are missing: keep a copy</source>
        <translation>有条目缺失：请保留副本</translation>
    </message>
    <message>
        <source>the newest {count} entries are gone</source>
        <translation>最新的 {count} 个条目已不存在</translation>
    </message>
    <message>
        <source>somebody deleted them: keep a copy</source>
        <translation>有人删除了它们：请保留副本</translation>
    </message>
    <message>
        <source>recover with the desk or `crashdesk recover`, or look at every order yourself and say so: `crashdesk settle`</source>
        <translation>请用操作台或 `crashdesk recover` 恢复，或自行查看每个订单后用 `crashdesk settle` 确认</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}</source>
        <translation>无法写入 {path}：{reason}</translation>
    </message>
    <message>
        <source>{path} was written by a newer version of Crashdesk; update Crashdesk to open this store</source>
        <translation>{path} 由较新版本的 Crashdesk 写入；请更新 Crashdesk 后再打开此存储库</translation>
    </message>
    <message>
        <source>{path} is not as it should be: {problem}; correct it with a text editor</source>
        <translation>{path} 的内容不正确：{problem}；请用文本编辑器更正</translation>
    </message>
    <message>
        <source>{path} has no store.toml, so nobody knows which exchange it belongs to; give RecoveryManager a StoreManifest, or connect the store in the desk</source>
        <translation>{path} 中没有 store.toml，因此无从得知它属于哪个交易所；请给 RecoveryManager 一个 StoreManifest，或在操作台中为存储库接入账户</translation>
    </message>
    <message>
        <source>the store does not say which exchange it belongs to: set `exchange` in its store.toml</source>
        <translation>存储库没有说明它属于哪个交易所：请在其 store.toml 中设置 `exchange`</translation>
    </message>
    <message>
        <source>store.toml leads to {quoted}; `endpoint` is only for an exchange on this machine</source>
        <translation>store.toml 指向 {quoted}；`endpoint` 仅用于本机上的交易所</translation>
    </message>
    <message>
        <source>the checksums disagree: {noted} in the file, {computed} and {expected} computed</source>
        <translation>校验和不一致：文件中为 {noted}，算得 {computed} 和 {expected}</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>A fault in Crashdesk</source>
        <translation>Crashdesk 发生故障</translation>
    </message>
    <message>
        <source>The desk met a fault of its own. What it interrupted is not known. Orders are cancelled only in a recovery that you confirmed: if one was under way, the Activity page says which of its steps were done. Compare with the exchange again before you decide anything. Checkpoints on the disk are written whole or not at all.</source>
        <translation>操作台自身发生了故障，被中断的内容未知。只有在您确认的恢复中才会撤单：如果当时正在恢复，“活动”页会显示哪些步骤已完成。作出任何决定之前，请重新与交易所对比。磁盘上的检查点要么完整写入，要么完全不写。</translation>
    </message>
    <message>
        <source>Details of the fault</source>
        <translation>故障详情</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>复制详情</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Something in the desk went wrong</source>
        <translation>操作台出现问题</translation>
    </message>
    <message numerus="yes">
        <source>%n other fault(s) happened meanwhile; the log on the Activity page has them.</source>
        <translation>
            <numerusform>其间还发生了 %n 个其他故障；见“活动”页的日志。</numerusform>
        </translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>CurvePicker</name>
    <message>
        <source>Shown</source>
        <translation>显示内容</translation>
    </message>
    <message>
        <source>Filter symbols</source>
        <translation>筛选交易对</translation>
    </message>
    <message>
        <source>Curves to show</source>
        <translation>要显示的曲线</translation>
    </message>
    <message>
        <source>Wheel zooms, dragging moves, dragging with Shift zooms into a span. ← → step through the checkpoints.</source>
        <translation>滚轮缩放，拖动平移，按住 Shift 拖动可放大一段区间。← → 逐个切换检查点。</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>long</source>
        <translation>多</translation>
    </message>
    <message>
        <source>short</source>
        <translation>空</translation>
    </message>
</context>
<context>
    <name>DecideStep</name>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Orders that were known</source>
        <translation>已知的订单</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>What differs</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Review orphan orders</source>
        <translation>查看孤立订单</translation>
    </message>
    <message>
        <source>What differs between {0} and {1}</source>
        <translation>{0} 与 {1} 之间的差异</translation>
    </message>
    <message>
        <source>Read {0}. The recovered state follows the exchange wherever it could be read.</source>
        <translation>{0}读取。凡能读取之处，恢复后的状态以交易所为准。</translation>
    </message>
    <message>
        <source>No orphan orders</source>
        <translation>没有孤立订单</translation>
    </message>
    <message>
        <source>No orphan orders in what could be read</source>
        <translation>在可读取的内容中没有孤立订单</translation>
    </message>
    <message>
        <source>Every open order was known.</source>
        <translation>每个挂单都是已知的。</translation>
    </message>
    <message>
        <source>{0} to cancel · {1} to adopt · {2} to leave · {3} undecided</source>
        <translation>{0} 个撤单 · {1} 个接管 · {2} 个保留 · {3} 个未决定</translation>
    </message>
    <message>
        <source>{0} untouched</source>
        <translation>{0} 个不予处理</translation>
    </message>
    <message>
        <source>{0} left before</source>
        <translation>{0} 个先前已保留</translation>
    </message>
    <message numerus="yes">
        <source>At least %n orphan order(s)</source>
        <translation>
            <numerusform>至少 %n 个孤立订单</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s)</source>
        <translation>
            <numerusform>%n 个孤立订单</numerusform>
        </translation>
    </message>
    <message>
        <source>Every one of them is decided on.</source>
        <translation>每一个都已作出决定。</translation>
    </message>
    <message>
        <source>Every one that needs a decision has one.</source>
        <translation>凡需要决定的订单均已决定。</translation>
    </message>
    <message>
        <source>Every one that needs a decision has one; those that are not ours stay as they are.</source>
        <translation>需要决定的订单均已决定；非本机器人的订单保持原样。</translation>
    </message>
    <message>
        <source>Only proposed for cancelling so far: {0}. The recovery cancels them once you confirm it.</source>
        <translation>目前仅为建议撤单：{0}。您确认后，恢复才会撤单。</translation>
    </message>
    <message>
        <source>Those that nobody can tell whose stay on the exchange, and the bot will not know them.</source>
        <translation>无法判断归属的订单会留在交易所，机器人不会知道它们。</translation>
    </message>
    <message>
        <source>none known, none on the exchange</source>
        <translation>已知无，交易所亦无</translation>
    </message>
    <message>
        <source>none known; what the exchange has could not be read</source>
        <translation>已知无；交易所上的持仓未能读取</translation>
    </message>
    <message>
        <source>{0} of {1} differ</source>
        <translation>{1} 个中有 {0} 个不一致</translation>
    </message>
    <message>
        <source>{0} of {1} differs</source>
        <translation>{1} 个中有 {0} 个不一致</translation>
    </message>
    <message>
        <source>{0} of {1} could not be read</source>
        <translation>{1} 个中有 {0} 个未能读取</translation>
    </message>
    <message>
        <source>all {0} match</source>
        <translation>全部 {0} 个一致</translation>
    </message>
    <message>
        <source>{0} unchanged</source>
        <translation>未变 {0}</translation>
    </message>
    <message>
        <source>{0} over</source>
        <translation>{0} 个已结束</translation>
    </message>
    <message>
        <source>{0} denied by the exchange</source>
        <translation>交易所否认 {0} 个</translation>
    </message>
    <message>
        <source>{0} changed</source>
        <translation>已变 {0}</translation>
    </message>
    <message>
        <source>{0} unknown</source>
        <translation>未知 {0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>could not be read: stays as it was known</source>
        <translation>无法读取：保持已知的样子</translation>
    </message>
    <message>
        <source>in {0}</source>
        <translation>以 {0} 计</translation>
    </message>
</context>
<context>
    <name>DecisionWarnings</name>
    <message>
        <source>Cancelling it would take it from whoever placed it, for good.</source>
        <translation>对它撤单会使下单者永久失去该订单。</translation>
    </message>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to cancel and {0} to adopt.</source>
        <translation>
            <numerusform>无法证明属于机器人：%n 个待撤单，{0} 个待接管。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to cancel.</source>
        <translation>
            <numerusform>无法证明属于机器人：%n 个待撤单。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not provably the bot&apos;s: %n order(s) to adopt.</source>
        <translation>
            <numerusform>无法证明属于机器人：%n 个待接管。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Protecting a position: %n order(s) to cancel.</source>
        <translation>
            <numerusform>保护着持仓：%n 个待撤单。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Not kept: %n note(s) on orders without a decision. Choose Leave to keep a note.</source>
        <translation>
            <numerusform>不会保存：未决定订单上的 %n 条备注。选择“保留”即可保存备注。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</source>
        <translation>
            <numerusform>机器人自行启动时会对自己未作决定的订单中的 %n 个撤单，除非其配置另有规定。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>What has no decision stays on the exchange for now, unknown to the bot: %n of its own orders.</source>
        <translation>
            <numerusform>未作决定的订单暂时留在交易所，机器人不知道它们：机器人自己的订单中有 %n 个。</numerusform>
        </translation>
    </message>
    <message>
        <source>The bot&apos;s own start cancels such orders, unless its configuration says otherwise. To keep an order, choose Leave or Adopt.</source>
        <translation>机器人自行启动时会对这类订单撤单，除非其配置另有规定。要留住订单，请选择“保留”或“接管”。</translation>
    </message>
    <message>
        <source>The bot&apos;s own start cancels {0} of them, unless its configuration says otherwise. To keep an order, choose Leave or Adopt.</source>
        <translation>机器人自行启动时会对其中 {0} 个撤单，除非其配置另有规定。要留住订单，请选择“保留”或“接管”。</translation>
    </message>
    <message>
        <source>The bot&apos;s own start does not cancel what protects a position or is in doubt.</source>
        <translation>机器人自行启动时不会对保护持仓或存疑的订单撤单。</translation>
    </message>
    <message>
        <source>Nothing proves that this order is the bot&apos;s: make sure that nobody else manages it before the bot adopts it.</source>
        <translation>没有任何证据证明此订单属于机器人：在机器人接管之前，请确认没有其他人在管理它。</translation>
    </message>
    <message>
        <source>This order is not the bot&apos;s (client order id {0}): cancelling it takes it from whoever placed it, for good. Ask them first.</source>
        <translation>这不是本机器人的订单（客户端订单编号 {0}）：对它撤单会使下单者永久失去该订单。请先询问对方。</translation>
    </message>
    <message>
        <source>This order is not the bot&apos;s: cancelling it takes it from whoever placed it, for good. Ask them first.</source>
        <translation>这不是本机器人的订单：对它撤单会使下单者永久失去该订单。请先询问对方。</translation>
    </message>
    <message>
        <source>Nothing proves whose order this is: if it is somebody else&apos;s, cancelling it takes it from them for good.</source>
        <translation>无法证明这是谁的订单：如果属于他人，对它撤单会使对方永久失去该订单。</translation>
    </message>
    <message>
        <source>It protects a position, which stands unprotected without it.</source>
        <translation>它保护着一个持仓；没有它，该持仓将失去保护。</translation>
    </message>
</context>
<context>
    <name>Demonstration</name>
    <message>
        <source>The sample bot trades a day</source>
        <translation>示例机器人交易一天</translation>
    </message>
    <message>
        <source>A sample bot is trading a day on an embedded exchange, and will be killed</source>
        <translation>示例机器人正在内置交易所上交易一天，随后将被强行终止</translation>
    </message>
    <message>
        <source>{0} of {1} hours traded</source>
        <translation>已交易 {0} / {1} 小时</translation>
    </message>
    <message>
        <source>This store is a demonstration&apos;s; its exchange ended with it.</source>
        <translation>这个存储库属于演示；它的交易所已随演示结束。</translation>
    </message>
    <message>
        <source>No account is concerned. You can browse the store&apos;s history.</source>
        <translation>不涉及任何账户。您可以浏览存储库的历史。</translation>
    </message>
    <message>
        <source>To practise a recovery, start the demonstration anew: crashdesk demo --store DIRECTORY</source>
        <translation>要练习恢复，请重新启动演示：crashdesk demo --store DIRECTORY</translation>
    </message>
    <message>
        <source>This store is a demonstration&apos;s, and its bot is still trading its day.</source>
        <translation>此存储库属于演示，其机器人仍在进行当天的交易。</translation>
    </message>
    <message>
        <source>There is nothing to recover from yet: the bot has not been killed. Nothing was written.</source>
        <translation>目前还没有什么可恢复的：机器人尚未被终止。未写入任何内容。</translation>
    </message>
    <message>
        <source>Wait until the demonstration&apos;s window shows the crash, in less than a minute; then try again.</source>
        <translation>请等待演示窗口显示崩溃（不到一分钟），然后重试。</translation>
    </message>
</context>
<context>
    <name>DeniedQuestion</name>
    <message>
        <source>Is {0} the account of this store?</source>
        <translation>{0} 是该存储库的账户吗？</translation>
    </message>
    <message>
        <source>It has never heard of any order that this store knows, and holds none of its positions: the keys may be those of another account.</source>
        <translation>该账户对此存储库已知的任何订单都没有记录，也不持有其中的任何持仓：密钥可能属于另一个账户。</translation>
    </message>
    <message>
        <source>Going on saves what this account holds, and gives up everything listed here.</source>
        <translation>继续操作将保存该账户现有的内容，并放弃此处列出的全部内容。</translation>
    </message>
    <message>
        <source>If the keys are wrong, go back and connect with the right ones.</source>
        <translation>如果密钥不对，请返回并使用正确的密钥连接。</translation>
    </message>
    <message>
        <source>Known order or position</source>
        <translation>已知订单或持仓</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Give up what was known, and recover</source>
        <translation>放弃已知内容并恢复</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Type {0}, the number of known orders and positions that are given up:</source>
        <translation>请输入 {0}，即将被放弃的已知订单和持仓的数量：</translation>
    </message>
    <message>
        <source>Every position that this store knows is gone, and nothing proves that this account closed it: it may have been closed by hand, or the keys may be those of another account.</source>
        <translation>该存储库所知的持仓已全部不在，且没有任何证据表明是此账户平掉的：可能是手动平仓，也可能用的是另一个账户的密钥。</translation>
    </message>
    <message>
        <source>position</source>
        <translation>持仓</translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) of this account will be cancelled, which may be another bot&apos;s:</source>
        <translation>
            <numerusform>该账户的 %n 个订单将被撤掉，它们可能属于另一个机器人：</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Another window of Crashdesk did not answer, so this one was opened. Close the other one if it hangs.</source>
        <translation>另一个 Crashdesk 窗口没有响应，因此打开了此窗口。如果那个窗口卡住，请将其关闭。</translation>
    </message>
    <message>
        <source>Verifying all checkpoints</source>
        <translation>正在校验所有检查点</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>正在打开 {0}</translation>
    </message>
    <message>
        <source>{0} is still being worked on. Wait or cancel that first, then remove it.</source>
        <translation>{0} 仍在处理中。请先等待或取消，然后再移除。</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Starting the bot</source>
        <translation>正在启动机器人</translation>
    </message>
    <message>
        <source>Its start cancelled 1 order of its own.</source>
        <translation>它在启动时已对自己的 1 个订单撤单。</translation>
    </message>
    <message>
        <source>Its start cancelled {0} orders of its own.</source>
        <translation>它在启动时已对自己的 {0} 个订单撤单。</translation>
    </message>
    <message>
        <source>1 order of its own had filled or closed before its start could cancel.</source>
        <translation>它自己的 1 个订单在启动撤单之前已成交或已结束。</translation>
    </message>
    <message>
        <source>{0} orders of its own had filled or closed before its start could cancel.</source>
        <translation>它自己的 {0} 个订单在启动撤单之前已成交或已结束。</translation>
    </message>
    <message>
        <source>1 order of its own cannot be proven cancelled; Activity says why.</source>
        <translation>它自己的 1 个订单无法证明已撤单；原因见“活动”页。</translation>
    </message>
    <message>
        <source>{0} orders of its own cannot be proven cancelled; Activity says why.</source>
        <translation>它自己的 {0} 个订单无法证明已撤单；原因见“活动”页。</translation>
    </message>
    <message>
        <source>The bot runs again.</source>
        <translation>机器人已重新运行。</translation>
    </message>
    <message>
        <source>The bot runs again and has restored the recovered state.</source>
        <translation>机器人已重新运行，并已还原恢复后的状态。</translation>
    </message>
    <message>
        <source>The bot runs again and has restored checkpoint {0}.</source>
        <translation>机器人已重新运行，恢复的是检查点 {0}。</translation>
    </message>
    <message>
        <source>The bot runs again and has restored checkpoint {0} and 1 change after it.</source>
        <translation>机器人已重新运行，恢复的是检查点 {0} 及其后的 1 项变更。</translation>
    </message>
    <message>
        <source>The bot runs again and has restored checkpoint {0} and {1} changes after it.</source>
        <translation>机器人已重新运行，恢复的是检查点 {0} 及其后的 {1} 项变更。</translation>
    </message>
    <message>
        <source>Open a store</source>
        <translation>打开存储库</translation>
    </message>
    <message>
        <source>{0}: {1}. {2} {3}</source>
        <translation>{0}：{1}。{2}{3}</translation>
    </message>
    <message>
        <source>Open a store…</source>
        <translation>打开存储库…</translation>
    </message>
    <message>
        <source>Try the demonstration</source>
        <translation>试用演示</translation>
    </message>
    <message>
        <source>A store is the directory in which a bot keeps its checkpoints. Opening one only reads. The demonstration brings its own bot and its own exchange, and needs no account.</source>
        <translation>存储库是机器人存放检查点的目录。打开存储库只进行读取。演示自带机器人和交易所，无需账户。</translation>
    </message>
    <message>
        <source>Welcome to Crashdesk</source>
        <translation>欢迎使用 Crashdesk</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Orphan orders</source>
        <translation>孤立订单</translation>
    </message>
    <message>
        <source>Recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Activity</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>读取中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stopped {0}</source>
        <translation>{0}停止</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>older state compared</source>
        <translation>对比的是旧状态</translation>
    </message>
    <message>
        <source>newer version</source>
        <translation>较新版本</translation>
    </message>
    <message>
        <source>recovery interrupted</source>
        <translation>恢复中断</translation>
    </message>
    <message>
        <source>recovered</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>recovering</source>
        <translation>恢复中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>recovered, 1 order open</source>
        <translation>已恢复，1 个订单未了结</translation>
    </message>
    <message>
        <source>recovered, {0} orders open</source>
        <translation>已恢复，{0} 个订单未了结</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>未在运行</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>已崩溃</translation>
    </message>
    <message>
        <source>crashed {0}</source>
        <translation>{0}崩溃</translation>
    </message>
    <message>
        <source>its keys are missing</source>
        <translation>缺少密钥</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>Not read: {0} ({1})</source>
        <translation>未读取：{0}（{1}）</translation>
    </message>
    <message>
        <source>reading again failed</source>
        <translation>再次读取失败</translation>
    </message>
    <message>
        <source>1 orphan order needs your decision.</source>
        <translation>1 个孤立订单需要您决定。</translation>
    </message>
    <message>
        <source>{0} orphan orders need your decision.</source>
        <translation>{0} 个孤立订单需要您决定。</translation>
    </message>
    <message>
        <source>What is decided, was seen proposed, is untouched or was left before is not counted.</source>
        <translation>已决定的、已看过建议的、不予处理的以及此前保留的不计在内。</translation>
    </message>
    <message>
        <source>All {0} checkpoints are intact, checked by two CRC implementations; {1} audit entries hold.</source>
        <translation>全部 {0} 个检查点完好，已由两种 CRC 实现校验；{1} 条审计记录有效。</translation>
    </message>
    <message>
        <source>{0} of {1} checkpoints are intact, {2} problems: {3}. {4}</source>
        <translation>{1} 个检查点中有 {0} 个完好，{2} 个问题：{3}。{4}</translation>
    </message>
</context>
<context>
    <name>DifferenceController</name>
    <message>
        <source>Checkpoint {0} → {1}</source>
        <translation>检查点 {0} → {1}</translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 至 {1}</translation>
    </message>
    <message>
        <source>{0} apart</source>
        <translation>相隔 {0}</translation>
    </message>
    <message>
        <source>Both states are equal</source>
        <translation>两个状态相同</translation>
    </message>
    <message>
        <source>First what the journal&apos;s changes made of the older one, which is what the recovery started from; then what the recovery changed.</source>
        <translation>先列出流水日志中的变更对较早检查点的影响，即恢复的起点；再列出恢复所做的改动。</translation>
    </message>
    <message>
        <source>{0} → exchange</source>
        <translation>{0} → 交易所</translation>
    </message>
    <message>
        <source>{0} as read at {1}</source>
        <translation>{0}，读取于 {1}</translation>
    </message>
    <message numerus="yes">
        <source>; %n scope(s) could not be read and count as unknown</source>
        <translation>
            <numerusform>；%n 个范围无法读取，视为未知</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of what was read differs</source>
        <translation>已读取的内容没有差异</translation>
    </message>
    <message>
        <source>The exchange stands as it was known</source>
        <translation>交易所的状况与已知一致</translation>
    </message>
    <message>
        <source>Checkpoint {0}</source>
        <translation>检查点 {0}</translation>
    </message>
    <message>
        <source>No exchange is connected, so where it stands is unknown. Connect one to compare.</source>
        <translation>未连接交易所，因此其状况未知。请连接后再对比。</translation>
    </message>
    <message>
        <source>Reading the exchange…</source>
        <translation>正在读取交易所…</translation>
    </message>
    <message>
        <source>The exchange has not been read yet.</source>
        <translation>尚未读取交易所。</translation>
    </message>
    <message>
        <source>Read the exchange now</source>
        <translation>立即读取交易所</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在对比…</translation>
    </message>
</context>
<context>
    <name>DifferenceTexts</name>
    <message>
        <source>added</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已不在</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>position</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>available</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>margin used</source>
        <translation>已用保证金</translation>
    </message>
    <message>
        <source>unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>side</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>quantity</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>entry price</source>
        <translation>开仓均价</translation>
    </message>
    <message>
        <source>price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>trigger price</source>
        <translation>触发价</translation>
    </message>
    <message>
        <source>status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>开仓时间</translation>
    </message>
    <message>
        <source>created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>by the recovery</source>
        <translation>由恢复所致</translation>
    </message>
    <message>
        <source>by the journal</source>
        <translation>由流水日志所致</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>What</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Old</source>
        <translation>旧值</translation>
    </message>
    <message>
        <source>→ New</source>
        <translation>→ 新值</translation>
    </message>
</context>
<context>
    <name>DifferenceView</name>
    <message>
        <source>Differences</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Export the differences</source>
        <translation>导出差异</translation>
    </message>
    <message>
        <source>Back to the details</source>
        <translation>返回详情</translation>
    </message>
    <message>
        <source>Select a line to read on what evidence it stands.</source>
        <translation>选中一行即可查看其依据。</translation>
    </message>
    <message>
        <source>Differences as {0}…</source>
        <translation>差异另存为 {0}…</translation>
    </message>
</context>
<context>
    <name>Display</name>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分钟</translation>
    </message>
    <message>
        <source>{0} d {1} h</source>
        <translation>{0} 天 {1} 小时</translation>
    </message>
    <message>
        <source>{0} ago</source>
        <translation>{0}前</translation>
    </message>
    <message>
        <source>in {0}</source>
        <translation>{0}后</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
</context>
<context>
    <name>ErrorState</name>
    <message>
        <source>What it means</source>
        <translation>这意味着什么</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>该怎么做</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>It says that this ends at {0}.</source>
        <translation>它说明将于 {0} 结束。</translation>
    </message>
    <message>
        <source>Original words: {0}</source>
        <translation>原文：{0}</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}。</translation>
    </message>
    <message>
        <source>Written by a newer version of Crashdesk. Use that version to read it.</source>
        <translation>由较新版本的 Crashdesk 写入。请使用该版本读取。</translation>
    </message>
    <message>
        <source>Nothing was changed, in the store or on the exchange.</source>
        <translation>存储库和交易所均未发生任何更改。</translation>
    </message>
    <message>
        <source>This state contradicts itself, so no position or order in it can be relied on.</source>
        <translation>此状态自相矛盾，其中的持仓和订单均不可信。</translation>
    </message>
    <message>
        <source>Choose an older checkpoint, and compare it with the exchange before anything is done.</source>
        <translation>请选择更早的检查点，并在采取任何行动之前与交易所对比。</translation>
    </message>
    <message>
        <source>What this checkpoint says about orders and positions cannot be trusted. The other checkpoints are not affected.</source>
        <translation>此检查点中关于订单和持仓的内容不可信。其他检查点不受影响。</translation>
    </message>
    <message>
        <source>Use the newest valid checkpoint; keep this file if you want to find out what damaged it.</source>
        <translation>请使用最新的有效检查点；如需查明损坏原因，请保留此文件。</translation>
    </message>
    <message>
        <source>It is not damaged, and nothing was changed; this version of Crashdesk cannot read it.</source>
        <translation>它没有损坏，也没有更改任何内容；此版本的 Crashdesk 无法读取它。</translation>
    </message>
    <message>
        <source>The checkpoint is not damaged; this version of Crashdesk cannot read it.</source>
        <translation>检查点没有损坏；此版本的 Crashdesk 无法读取它。</translation>
    </message>
    <message>
        <source>What was acknowledged as saved is still there. The exchange was not touched.</source>
        <translation>已确认保存的内容仍然存在。未对交易所作任何操作。</translation>
    </message>
    <message>
        <source>Check the disk, its free space and the permissions of the directory, then try again.</source>
        <translation>请检查磁盘、剩余空间和目录权限，然后重试。</translation>
    </message>
    <message>
        <source>Open the directory in which the bot keeps its checkpoints, the one that holds checkpoint files or store.toml.</source>
        <translation>请打开机器人存放检查点的目录，即包含检查点文件或 store.toml 的目录。</translation>
    </message>
    <message>
        <source>What was saved is where the directory went. Nothing can be recorded until it is back.</source>
        <translation>已保存的内容随目录一同移走。目录恢复之前无法记录任何内容。</translation>
    </message>
    <message>
        <source>Mount its disk or put the directory back; then it is read again by itself.</source>
        <translation>请挂载其磁盘或将目录放回原处；之后会自动重新读取。</translation>
    </message>
    <message>
        <source>Nothing can be recorded, so nothing was begun. What was stored is as it was.</source>
        <translation>无法记录任何内容，因此没有开始任何操作。已保存的内容保持原样。</translation>
    </message>
    <message>
        <source>Free some space on the disk of the store, then try again.</source>
        <translation>请在存储库所在磁盘上腾出空间，然后重试。</translation>
    </message>
    <message>
        <source>Another process writes this store, most likely the bot. You can look and review; only it can save.</source>
        <translation>另一个进程正在写入此存储库，很可能是机器人。您可以查看和审阅；只有它可以保存。</translation>
    </message>
    <message>
        <source>Stop the process that is named, then try again. Never delete the lock while it runs.</source>
        <translation>请停止所指的进程，然后重试。切勿在其运行时删除锁。</translation>
    </message>
    <message>
        <source>Stop the bot that is named, or give each bot a client order id prefix of its own, so that neither takes the other&apos;s orders for its own.</source>
        <translation>停止所指的机器人，或为每个机器人设置各自的客户端订单编号前缀，以免把对方的订单当作自己的。</translation>
    </message>
    <message>
        <source>What the bot noted after its newest checkpoint cannot be relied on. The checkpoints are not affected.</source>
        <translation>机器人在最新检查点之后的记录不可信。检查点不受影响。</translation>
    </message>
    <message>
        <source>Compare with the exchange, and look at every open order before the bot goes on.</source>
        <translation>与交易所对比，并在机器人继续运行之前检查每个挂单。</translation>
    </message>
    <message>
        <source>No saved state can be trusted. The exchange alone knows the orders and positions.</source>
        <translation>所有已保存的状态均不可信。只有交易所知道订单和持仓。</translation>
    </message>
    <message>
        <source>Connect the exchange and compare; recover from what the exchange says, or restore a backup of the directory.</source>
        <translation>请连接交易所并对比；根据交易所的数据恢复，或还原目录的备份。</translation>
    </message>
    <message>
        <source>The last save may not survive a power failure. Earlier checkpoints are not affected.</source>
        <translation>最近一次保存可能无法在断电后保留。更早的检查点不受影响。</translation>
    </message>
    <message>
        <source>Check the disk before you rely on the newest checkpoint, then save again.</source>
        <translation>在依赖最新检查点之前请检查磁盘，然后重新保存。</translation>
    </message>
    <message>
        <source>The file is gone, perhaps because newer checkpoints took its place. Nothing else is affected.</source>
        <translation>文件已不存在，可能已被更新的检查点取代。其他内容不受影响。</translation>
    </message>
    <message>
        <source>Choose another checkpoint from the history.</source>
        <translation>请从历史中选择另一个检查点。</translation>
    </message>
    <message>
        <source>Correct the setting that is named, then try again.</source>
        <translation>请更正所指的设置，然后重试。</translation>
    </message>
    <message>
        <source>Run Crashdesk as the user that runs the bot, or change the permissions of the directory.</source>
        <translation>请以运行机器人的用户身份运行 Crashdesk，或更改目录权限。</translation>
    </message>
    <message>
        <source>The operating system refused a file operation. The exchange was not touched.</source>
        <translation>操作系统拒绝了文件操作。未对交易所作任何操作。</translation>
    </message>
    <message>
        <source>Use the version of Crashdesk that wrote it, or update this one; then open the store again.</source>
        <translation>请使用写入它的 Crashdesk 版本，或更新此版本，然后重新打开存储库。</translation>
    </message>
    <message>
        <source>What the exchange holds now is not known. Orders may rest there and positions may have changed.</source>
        <translation>交易所的当前状况未知。那里可能仍有挂单，持仓可能已变化。</translation>
    </message>
    <message>
        <source>Read the exchange again in a moment; until it answers, look at the account on its own site.</source>
        <translation>稍后重新读取交易所；在它答复之前，请在其网站上查看账户。</translation>
    </message>
    <message>
        <source>Nothing was compared, sent or changed: what one account holds says nothing of another.</source>
        <translation>没有对比、发送或更改任何内容：一个账户里有什么，并不能说明另一个账户。</translation>
    </message>
    <message>
        <source>Connect the account that the store belongs to, or open the store of the account that is connected.</source>
        <translation>接入该存储库所属的账户，或打开已接入账户的存储库。</translation>
    </message>
    <message>
        <source>What the exchange holds now is not known. Orders that rest there go on filling without the bot.</source>
        <translation>交易所现在有什么尚不清楚。那里的挂单会在没有机器人的情况下继续成交。</translation>
    </message>
    <message>
        <source>Check the network and the exchange&apos;s status page, wait a moment, then read it again.</source>
        <translation>请检查网络和交易所的状态页，稍候再重新读取。</translation>
    </message>
    <message>
        <source>The exchange did not let this account be read or changed. Nothing was concluded from it.</source>
        <translation>交易所不允许读取或更改此账户。未据此得出任何结论。</translation>
    </message>
    <message>
        <source>Check the keys, their permissions and allowed addresses, and whether they are for live or sandbox; then connect again.</source>
        <translation>请检查密钥、其权限和允许的地址，以及它们属于实盘还是模拟盘；然后重新连接。</translation>
    </message>
    <message>
        <source>This part of the account cannot be seen from here. What is in it counts as unknown, not as empty.</source>
        <translation>从这里看不到账户的这一部分。其中的内容视为未知，而不是空的。</translation>
    </message>
    <message>
        <source>Check it on the exchange&apos;s own site, or choose another market type.</source>
        <translation>请在交易所官网查看，或选择其他市场类型。</translation>
    </message>
    <message>
        <source>The recovery did not go on. The audit log says what was done up to then.</source>
        <translation>恢复未能继续。此前已做的事见审计日志。</translation>
    </message>
    <message>
        <source>Look at the activity page, compare with the exchange again, then decide anew.</source>
        <translation>请查看“活动”页，重新与交易所对比，然后重新决定。</translation>
    </message>
    <message>
        <source>Nothing was executed: what was approved is not what would have been done now.</source>
        <translation>未执行任何操作：已批准的内容与现在将要执行的内容不符。</translation>
    </message>
    <message>
        <source>Compare with the exchange again, review the new plan, then approve it.</source>
        <translation>请重新与交易所对比，审阅新方案，然后批准。</translation>
    </message>
    <message>
        <source>Steps that were finished stay done and are in the audit log; the steps after them were not begun.</source>
        <translation>已完成的步骤保持完成并记入审计日志；其后的步骤未开始。</translation>
    </message>
    <message>
        <source>Resume the recovery, or compare with the exchange again.</source>
        <translation>请继续恢复，或重新与交易所对比。</translation>
    </message>
    <message>
        <source>Only the demonstration is affected; there is no real money in it.</source>
        <translation>仅影响演示；其中没有真实资金。</translation>
    </message>
    <message>
        <source>Close the demonstration and start it again.</source>
        <translation>请关闭演示并重新启动。</translation>
    </message>
    <message>
        <source>The operation did not finish. Take nothing as done that is not in the audit log.</source>
        <translation>操作未完成。凡未记入审计日志的，一律视为未做。</translation>
    </message>
    <message>
        <source>Follow what the message says, then try again.</source>
        <translation>请按消息所述处理，然后重试。</translation>
    </message>
    <message>
        <source>This is a fault in Crashdesk. The operation did not finish; take nothing as done that is not in the audit log.</source>
        <translation>这是 Crashdesk 的故障。操作未完成；凡未记入审计日志的，一律视为未做。</translation>
    </message>
    <message>
        <source>Compare with the exchange before you go on, and report this with the application&apos;s log from the activity page.</source>
        <translation>继续之前请先与交易所对比，并附上“活动”页中的应用日志报告此问题。</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>Another record of the state is order {id} already.</source>
        <translation>状态中的另一条记录已是订单 {id}。</translation>
    </message>
    <message>
        <source>Asked about this order alone, the exchange gave no answer: {reason}</source>
        <translation>单独查询此订单时，交易所没有回答：{reason}</translation>
    </message>
    <message>
        <source>Asked about this order alone, the exchange says that there is none; exchanges forget old closed orders.</source>
        <translation>单独查询此订单时，交易所说没有这个订单；交易所会忘记已结束的旧订单。</translation>
    </message>
    <message>
        <source>Asked about this order alone, the exchange says: filled, {filled} of {amount} at {average}.</source>
        <translation>单独查询此订单时，交易所说：已成交 {filled}，共 {amount}，均价 {average}。</translation>
    </message>
    <message>
        <source>Asked about this order alone, the exchange says: {status}, {filled} of {amount} filled.</source>
        <translation>单独查询此订单时，交易所说：{status}，已成交 {filled}，共 {amount}。</translation>
    </message>
    <message>
        <source>Asked for by its client order id, without an answer: {reason}</source>
        <translation>按客户端订单编号查询，未得到答复：{reason}</translation>
    </message>
    <message>
        <source>Dust: {amount} is below the market&apos;s {limit} of {least}; it cannot be closed by an ordinary order.</source>
        <translation>零碎持仓：{amount} 低于该市场的{limit} {least}；无法用普通订单平仓。</translation>
    </message>
    <message>
        <source>Inverse contract: worth {value} {base} at {price}.</source>
        <translation>反向合约：按 {price} 计价值 {value} {base}。</translation>
    </message>
    <message>
        <source>It contradicts itself: {what}.</source>
        <translation>自相矛盾：{what}。</translation>
    </message>
    <message>
        <source>It is not among the open orders, which were read completely, and asked for by its client order id the exchange says that there is no such order.</source>
        <translation>它不在已完整读取的挂单中；按客户端订单编号查询，交易所表示没有此订单。</translation>
    </message>
    <message>
        <source>It is not among the open orders, which were read completely.</source>
        <translation>它不在已完整读取的挂单中。</translation>
    </message>
    <message>
        <source>It is one of a group of which one cancels the other ({group}); with it: {ids}.</source>
        <translation>它属于一组互相撤单的订单（{group}）；同组：{ids}。</translation>
    </message>
    <message>
        <source>It is the balance of {asset}, free and locked in orders together.</source>
        <translation>这是 {asset} 的余额，包括可用和挂单冻结部分。</translation>
    </message>
    <message>
        <source>It may have arrived and ended since: exchanges forget orders that ended without a fill, some in hours.</source>
        <translation>它可能已到达并结束：交易所会遗忘未成交即结束的订单，有的只需数小时。</translation>
    </message>
    <message>
        <source>It protects: {how}.</source>
        <translation>它起保护作用：{how}。</translation>
    </message>
    <message>
        <source>It triggers at {level}, and the exchange liquidates the {leg} position at {liquidation} before: as things stand it stops no loss.</source>
        <translation>它在 {level} 触发，而交易所会先在 {liquidation} 强平该 {leg} 持仓：以目前的情况，它止不住亏损。</translation>
    </message>
    <message>
        <source>Its client order id starts with the bot&apos;s own prefix {prefix}, but the bot writes down every order before it sends it, and did not write down this one: another program&apos;s prefix may begin with the same.</source>
        <translation>它的客户订单 ID 以机器人自己的前缀 {prefix} 开头，但机器人在发送每个订单之前都会先记下，而这个订单没有记下：可能是另一个程序的前缀以相同的字符开头。</translation>
    </message>
    <message>
        <source>Its client order id starts with the bot&apos;s own prefix {prefix}.</source>
        <translation>其客户端订单编号以机器人自己的前缀 {prefix} 开头。</translation>
    </message>
    <message>
        <source>Its client order id starts with {prefix}, the prefix under which this bot traded before.</source>
        <translation>它的客户订单 ID 以 {prefix} 开头，这是该机器人以前使用的前缀。</translation>
    </message>
    <message>
        <source>Its client order id starts with {prefix}, which belongs to another program.</source>
        <translation>其客户端订单编号以 {prefix} 开头，该前缀属于另一个程序。</translation>
    </message>
    <message>
        <source>Its client order id {client_id} does not start with the bot&apos;s prefix {prefix}, and no intent names it.</source>
        <translation>其客户端订单编号 {client_id} 不以机器人的前缀 {prefix} 开头，也没有意图提到它。</translation>
    </message>
    <message>
        <source>Its fills could not be read: {reason}</source>
        <translation>无法读取其成交明细：{reason}</translation>
    </message>
    <message>
        <source>Known are a long and a short leg, but the exchange counts one net position: the account was switched from hedge to one-way mode.</source>
        <translation>已知有多、空两个方向，但交易所只计一个净持仓：账户已从双向模式切换为单向模式。</translation>
    </message>
    <message>
        <source>Known: {side} {quantity} at {price}, {filled} filled, {status}.</source>
        <translation>已知：{side} {quantity}，价格 {price}，已成交 {filled}，{status}。</translation>
    </message>
    <message>
        <source>Known: {side} {quantity} entered at {entry}.</source>
        <translation>已知：{side} {quantity}，开仓均价 {entry}。</translation>
    </message>
    <message>
        <source>Liquidated: the exchange reports a liquidation order of {contracts} {symbol} at {price}.</source>
        <translation>已强平：交易所报告了强平订单，{contracts} {symbol}，价格 {price}。</translation>
    </message>
    <message>
        <source>No fill that was read explains the change of {change}.</source>
        <translation>读取到的成交均不能解释 {change} 的变化。</translation>
    </message>
    <message>
        <source>No list of open orders shows it; asked for by its client order id {client_id}: {status}.</source>
        <translation>挂单列表中没有它；按客户端订单编号 {client_id} 查询：{status}。</translation>
    </message>
    <message>
        <source>No open position is left that it could protect: it protects nothing now.</source>
        <translation>已没有可供其保护的持仓：它现在不起保护作用。</translation>
    </message>
    <message>
        <source>No trades that the account tells add up to its closing: it may have been held on another account.</source>
        <translation>该账户给出的成交与其平仓对不上：该持仓可能在另一个账户上。</translation>
    </message>
    <message>
        <source>Of the change of {change}, {fills} is what orders filled since; {rest} no fill that was read explains.</source>
        <translation>{change} 的变化中，{fills} 来自其后的订单成交；其余 {rest} 没有读取到的成交可以解释。</translation>
    </message>
    <message>
        <source>Of what filled, {fees} {asset} of fees are taken off.</source>
        <translation>成交量中已减去 {fees} {asset} 手续费。</translation>
    </message>
    <message>
        <source>One contract is {size} {unit}: {contracts} contracts are {amount} {unit}.</source>
        <translation>每张合约为 {size} {unit}：{contracts} 张合约为 {amount} {unit}。</translation>
    </message>
    <message>
        <source>One fill: {total} at {average}, fees {fees}.</source>
        <translation>一笔成交：{total}，均价 {average}，手续费 {fees}。</translation>
    </message>
    <message>
        <source>One leg is known, but the exchange keeps long and short apart (hedge mode): if the bot trades in one-way mode, the account was switched.</source>
        <translation>已知一个方向，但交易所将多空分开计（双向模式）：如果机器人以单向模式交易，则账户已被切换。</translation>
    </message>
    <message>
        <source>Only balances were read, and they cannot show a short position.</source>
        <translation>只读取了余额，而余额无法体现空头持仓。</translation>
    </message>
    <message>
        <source>Open on the exchange: {side} {amount} at {price}, {filled} filled.</source>
        <translation>交易所挂单：{side} {amount}，价格 {price}，已成交 {filled}。</translation>
    </message>
    <message>
        <source>Order {id} arrived: {status}, {filled} of {amount} filled at {average}. The positions that were read contain it.</source>
        <translation>订单 {id} 已到达：{status}，已成交 {filled} / {amount}，均价 {average}。已读取的持仓包含它。</translation>
    </message>
    <message>
        <source>Order {id} arrived: {status}, {filled} of {amount} filled.</source>
        <translation>订单 {id} 已到达：{status}，已成交 {filled} / {amount}。</translation>
    </message>
    <message>
        <source>Order {id} filled {filled} since. {who} had decided to leave it{note}.</source>
        <translation>订单 {id} 此后成交了 {filled}。{who} 此前决定保留该订单{note}。</translation>
    </message>
    <message>
        <source>Order {id} is over; how much of it filled since is not told. {who} had decided to leave it{note}.</source>
        <translation>订单 {id} 已结束；此后成交了多少未被告知。{who} 此前决定保留该订单{note}。</translation>
    </message>
    <message>
        <source>Order {new}, which carries the client order id of order {id}, filled {filled} since. {who} had decided to leave order {id}{note}.</source>
        <translation>订单 {new} 使用订单 {id} 的客户订单 ID，此后成交了 {filled}。{who} 此前决定保留订单 {id}{note}。</translation>
    </message>
    <message>
        <source>Order {old} is {fate}; order {new} carries its client order id {client_id}.</source>
        <translation>订单 {old} {fate}；订单 {new} 沿用其客户端订单编号 {client_id}。</translation>
    </message>
    <message>
        <source>Orders filled {fills} since the last known state, and yet the quantity is as it was known: that state may hold these fills already, or something was traded against them.</source>
        <translation>自最后已知状态以来订单成交了 {fills}，而数量仍与已知相同：该状态可能已包含这些成交，或者另有反向交易将其抵消。</translation>
    </message>
    <message>
        <source>Positions could not be read: it may have changed or be closed.</source>
        <translation>无法读取持仓：它可能已变化或已平仓。</translation>
    </message>
    <message>
        <source>The account holds {held} {asset}, which is not the sum of the positions known of it: which of them changed cannot be told.</source>
        <translation>账户持有 {held} {asset}，与已知持仓之和不符：无法判断哪一个发生了变化。</translation>
    </message>
    <message>
        <source>The account holds {held} {asset}, {surplus} of it beyond what the bot knew and its orders filled: that is not counted as the bot&apos;s. Where nothing else trades there, declare exclusive_account in store.toml.</source>
        <translation>账户持有 {held} {asset}，其中 {surplus} 超出机器人已知的数量及其订单的成交：这部分不算作机器人的。如果该账户上没有其他交易者，请在 store.toml 中声明 exclusive_account。</translation>
    </message>
    <message>
        <source>The account holds {held} {asset}, {surplus} of it beyond what the bot knew and its orders filled: whose that is is not known, and the position stays as it was known. Where nothing else trades there, declare exclusive_account in store.toml.</source>
        <translation>账户持有 {held} {asset}，其中 {surplus} 超出机器人已知的数量及其订单的成交：这部分属于谁未知，持仓保持已知的数量不变。如果该账户上没有其他交易者，请在 store.toml 中声明 exclusive_account。</translation>
    </message>
    <message>
        <source>The account&apos;s trades since then add up to its closing.</source>
        <translation>此后该账户的成交与其平仓相符。</translation>
    </message>
    <message>
        <source>The account&apos;s trades since then could not all be read ({reason}); those that were do not add up to its closing.</source>
        <translation>账户此后的成交未能全部读取（{reason}），已读到的成交与其平仓不符。</translation>
    </message>
    <message>
        <source>The bot is running, and may have placed it after its state was read. Leave it to the bot.</source>
        <translation>机器人正在运行，可能在其状态被读取之后下了此单。请交由机器人处理。</translation>
    </message>
    <message>
        <source>The bot was about to cancel this order itself.</source>
        <translation>机器人当时正要自行对此订单撤单。</translation>
    </message>
    <message>
        <source>The bot writes down every order before it sends it, and did not write down this one.</source>
        <translation>机器人在发送每个订单之前都会记录，而此订单没有记录。</translation>
    </message>
    <message>
        <source>The bot wrote down that it was about to send {side} {quantity} at {price} under client order id {client_id}.</source>
        <translation>机器人记录了即将发送：{side} {quantity}，价格 {price}，客户端订单编号 {client_id}。</translation>
    </message>
    <message>
        <source>The bot wrote down that it was about to send {side} {quantity} {symbol} at {price} under client order id {client_id}; whether it did is not written.</source>
        <translation>机器人记录了即将发送：{side} {quantity} {symbol}，价格 {price}，客户端订单编号 {client_id}；是否已发送没有记录。</translation>
    </message>
    <message>
        <source>The change of {change} is what one order filled since the last known state, less {fees} {asset} of fees that were taken from it.</source>
        <translation>{change} 的变化即一个订单自最后已知状态以来的成交，减去从中收取的 {fees} {asset} 手续费。</translation>
    </message>
    <message>
        <source>The change of {change} is what one order filled since the last known state.</source>
        <translation>{change} 的变化即一个订单自最后已知状态以来的成交。</translation>
    </message>
    <message>
        <source>The change of {change} is what {count} orders filled since the last known state, less {fees} {asset} of fees that were taken from it.</source>
        <translation>{change} 的变化即 {count} 个订单自最后已知状态以来的成交，减去从中收取的 {fees} {asset} 手续费。</translation>
    </message>
    <message>
        <source>The change of {change} is what {count} orders filled since the last known state.</source>
        <translation>{change} 的变化即 {count} 个订单自最后已知状态以来的成交。</translation>
    </message>
    <message>
        <source>The contract&apos;s last day, {day}, has come: expired and settled? Look at the exchange for the settlement.</source>
        <translation>合约到期日 {day} 已到：是否已到期交割？请到交易所查看交割情况。</translation>
    </message>
    <message>
        <source>The dead man&apos;s switch fired at that time: the bot had armed it for {timeout} s and did not refresh it any more. The exchange cancelled the order {after} s after the bot&apos;s last sign.</source>
        <translation>失联保护在当时触发：机器人将其设为 {timeout} 秒，之后未再刷新。交易所在机器人最后迹象之后 {after} 秒已对该订单撤单。</translation>
    </message>
    <message>
        <source>The exchange does not say how it was closed.</source>
        <translation>交易所未说明它是如何关闭的。</translation>
    </message>
    <message>
        <source>The exchange does not tell its entry price, and none is known: 0 is saved in its place. Give the bot the right one before it computes profit from it.</source>
        <translation>交易所没有提供其开仓价，也没有已知的开仓价：以 0 代替保存。在机器人据此计算盈亏之前，请为其提供正确的开仓价。</translation>
    </message>
    <message>
        <source>The exchange does not tell its entry price: {entry} is kept as it was known, though the quantity changed.</source>
        <translation>交易所没有提供其开仓价：沿用已知的 {entry}，尽管数量已改变。</translation>
    </message>
    <message>
        <source>The exchange gives no client order id, and no intent names it: nobody can tell whose it is.</source>
        <translation>交易所未提供客户端订单编号，也没有意图提到它：无法判断归属。</translation>
    </message>
    <message>
        <source>The exchange has order {id} with the client order id {client_id}, which is older than the intent: the client order id was used twice, and nobody can tell what became of the second order.</source>
        <translation>交易所有订单 {id}，客户端订单编号为 {client_id}，早于该意图：客户端订单编号被使用了两次，无法判断第二个订单的结果。</translation>
    </message>
    <message>
        <source>The exchange has order {id} with the client order id {client_id}. The clock that dated the intent was ahead and was set back since, so whether this is the order that it meant cannot be told.</source>
        <translation>交易所有一个客户端订单编号为 {client_id} 的订单 {id}。为该意图记录时间的时钟当时走快，此后被拨回，因此无法判断它指的是否就是这个订单。</translation>
    </message>
    <message>
        <source>The exchange has {side} {quantity} entered at {entry}.</source>
        <translation>交易所有 {side} {quantity}，开仓均价 {entry}。</translation>
    </message>
    <message>
        <source>The exchange lists no market {symbol}: it was delisted, settled or renamed. Look at the exchange before going on.</source>
        <translation>交易所没有列出市场 {symbol}：可能已下架、交割或更名。继续之前请到交易所查看。</translation>
    </message>
    <message>
        <source>The exchange reports no liquidation since then. As far as it tells, an order closed it; of automatic deleveraging this says nothing.</source>
        <translation>交易所报告此后没有强平。就其所知，是某个订单平掉了它；至于自动减仓，这里没有任何说明。</translation>
    </message>
    <message>
        <source>The exchange was not asked about this order alone, so what became of it is not known.</source>
        <translation>没有单独向交易所查询此订单，因此它的结果尚不可知。</translation>
    </message>
    <message>
        <source>The exchange was not asked about this order alone: at most {most} are, the newest first, and none after several failures in a row.</source>
        <translation>没有单独向交易所查询此订单：最多查询 {most} 个，最新的优先，连续几次失败后不再查询。</translation>
    </message>
    <message>
        <source>The fills that were read add up to {total}, while the order says {filled}: the order&apos;s number stands, some fills may be missing.</source>
        <translation>已读取的成交合计 {total}，而订单显示 {filled}：以订单数字为准，可能缺少部分成交明细。</translation>
    </message>
    <message>
        <source>The journal cannot prove that it is not the bot&apos;s: {problem}</source>
        <translation>流水日志无法证明它不属于机器人：{problem}</translation>
    </message>
    <message>
        <source>The last known state knows this order.</source>
        <translation>最后已知状态知道此订单。</translation>
    </message>
    <message>
        <source>The position says that one contract is {told}, the market says {listed}: check the size before you trade.</source>
        <translation>持仓显示每张合约为 {told}，市场显示为 {listed}：交易前请核对面值。</translation>
    </message>
    <message>
        <source>The scope that holds such orders was not read, so it may still be open.</source>
        <translation>包含此类订单的范围未读取，因此它可能仍在挂单。</translation>
    </message>
    <message>
        <source>The scope that would hold it was not read, so it may be open.</source>
        <translation>可能包含它的范围未读取，因此它可能在挂单。</translation>
    </message>
    <message>
        <source>The side turned: {old} {closed} was closed and {new} {opened} was opened.</source>
        <translation>方向反转：{old} {closed} 已平仓，{new} {opened} 已开仓。</translation>
    </message>
    <message>
        <source>The state knows order {id} of {symbol}, of the same names, and no list shows it there: probably this one under a new symbol. Look at the exchange before you decide.</source>
        <translation>状态中有 {symbol} 的订单 {id}，名称相同，而任何列表都没有在该交易对下显示它：很可能就是使用了新交易对名称的这个订单。请先查看交易所再决定。</translation>
    </message>
    <message>
        <source>The store declares that nothing but this bot trades on the account.</source>
        <translation>存储库声明此账户上只有该机器人交易。</translation>
    </message>
    <message>
        <source>The store names no client order id prefix, and no intent names it: nobody can tell whose it is.</source>
        <translation>存储库未指定客户端订单编号前缀，也没有意图提到它：无法判断归属。</translation>
    </message>
    <message>
        <source>The trigger of order {old} fired: it placed order {new}.</source>
        <translation>订单 {old} 的触发条件已触发：它下了订单 {new}。</translation>
    </message>
    <message>
        <source>The {leg} position of {size}: stops cover at least {stops} of it, take-profits at least {profits}.</source>
        <translation>{leg}头持仓 {size}：止损至少覆盖其中 {stops}，止盈至少覆盖 {profits}。</translation>
    </message>
    <message>
        <source>The {leg} position of {size}: stops cover {stops} of it, take-profits {profits}.</source>
        <translation>{leg}头持仓 {size}：止损覆盖其中 {stops}，止盈覆盖 {profits}。</translation>
    </message>
    <message>
        <source>There is no such position; positions were read completely.</source>
        <translation>没有此持仓；持仓已完整读取。</translation>
    </message>
    <message>
        <source>Too young to judge: created {age} s before the comparison, {grace} s are required. Read again.</source>
        <translation>时间太短，无法判断：创建于对比前 {age} 秒，要求 {grace} 秒。请重新读取。</translation>
    </message>
    <message>
        <source>Too young to judge: written down {age} s before the comparison, {grace} s are required. Read again.</source>
        <translation>时间太短，无法判断：记录于对比前 {age} 秒，要求 {grace} 秒。请重新读取。</translation>
    </message>
    <message>
        <source>Unknown to checkpoint {seq}.</source>
        <translation>检查点 {seq} 中没有。</translation>
    </message>
    <message>
        <source>Unknown to the last known state (1 journalled change, no checkpoint).</source>
        <translation>最后已知状态中没有（1 项流水变更，无检查点）。</translation>
    </message>
    <message>
        <source>Unknown to the last known state (checkpoint {seq} and 1 journalled change).</source>
        <translation>最后已知状态中没有（检查点 {seq} 和 1 项流水变更）。</translation>
    </message>
    <message>
        <source>Unknown to the last known state (checkpoint {seq} and {changes} journalled changes).</source>
        <translation>最后已知状态中没有（检查点 {seq} 和 {changes} 项流水变更）。</translation>
    </message>
    <message>
        <source>Unknown to the last known state ({changes} journalled changes, no checkpoint).</source>
        <translation>最后已知状态中没有（{changes} 项流水变更，无检查点）。</translation>
    </message>
    <message>
        <source>Unknown to the state that was compared.</source>
        <translation>用于对比的状态中没有。</translation>
    </message>
    <message>
        <source>What became of order {id} is not known: the exchange gave no answer. {who} had decided to leave it{note}.</source>
        <translation>订单 {id} 的结果未知：交易所没有答复。{who} 此前决定保留该订单{note}。</translation>
    </message>
    <message>
        <source>What became of some orders of this symbol, or when they filled, is not known: that may be the rest.</source>
        <translation>该交易对的部分订单结果如何、何时成交尚不可知：其余变化可能来自它们。</translation>
    </message>
    <message>
        <source>What the bot noted last may be missing: it may well have known this order.</source>
        <translation>机器人最后的记录可能缺失：它很可能知道此订单。</translation>
    </message>
    <message>
        <source>What the fills that were read cost, or in which currency, is not known for all of them: a fee may be the rest.</source>
        <translation>读取到的成交中，部分成交的手续费金额或币种尚不可知：其余变化可能是手续费。</translation>
    </message>
    <message>
        <source>What {count} orders filled since the last known state was as much bought as sold.</source>
        <translation>自最后已知状态以来 {count} 个订单的成交买卖相抵。</translation>
    </message>
    <message>
        <source>Whether it was liquidated could not be read: {reason}. The exchange does not say how it was closed.</source>
        <translation>无法读取是否被强平：{reason}。交易所未说明它是如何关闭的。</translation>
    </message>
    <message>
        <source>entry price: {old} → {new}</source>
        <translation>开仓均价：{old} → {new}</translation>
    </message>
    <message>
        <source>quantity: {old} → {new}</source>
        <translation>数量：{old} → {new}</translation>
    </message>
    <message>
        <source>{count} fills: {total} in all, at {average} on average, fees {fees}.</source>
        <translation>{count} 笔成交：合计 {total}，均价 {average}，手续费 {fees}。</translation>
    </message>
    <message>
        <source>{field}: {old} → {new}</source>
        <translation>{field}：{old} → {new}</translation>
    </message>
    <message>
        <source>{old} is gone and {new} has the same side and quantity: probably one position under a new name.</source>
        <translation>{old} 已消失，而 {new} 的方向和数量相同：很可能是同一持仓更名。</translation>
    </message>
    <message>
        <source>{short} {asset} less than known, at most 0.2 %: a fee taken in {asset} could explain it.</source>
        <translation>比已知少 {short} {asset}，不超过 0.2 %：以 {asset} 收取的手续费可能是原因。</translation>
    </message>
    <message>
        <source>{who} decided to leave it{note}.</source>
        <translation>{who} 决定保留它{note}。</translation>
    </message>
    <message>
        <source>{who} decided to leave it{note}. It has changed since ({changes}): decide anew.</source>
        <translation>{who} 曾决定保留它{note}。其后它已变化（{changes}）：请重新决定。</translation>
    </message>
    <message>
        <source>{who} decided to leave order {id}{note}. This one carries the same client order id: it may be the same order under another id. Decide anew.</source>
        <translation>{who} 决定保留订单 {id}{note}。此订单带有相同的客户端订单编号：它可能是同一个订单换了编号。请重新决定。</translation>
    </message>
</context>
<context>
    <name>EvidencePanel</name>
    <message>
        <source>protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>Why, for whoever looks next (kept only with a decision: Leave keeps it)</source>
        <translation>写明理由，供后来者查看（仅随决定保存：选择“保留”即可）</translation>
    </message>
    <message>
        <source>{0} orders selected</source>
        <translation>已选 {0} 个订单</translation>
    </message>
    <message>
        <source>This note is not kept while nothing is decided on the order: choose Leave to keep it.</source>
        <translation>只要此订单没有决定，这条备注就不会保存：选择“保留”即可保存。</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>The order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Copy the order ids</source>
        <translation>复制订单编号</translation>
    </message>
    <message>
        <source>Why, for whoever looks next (kept with the decision)</source>
        <translation>写明理由，供后来者查看（随决定保存）</translation>
    </message>
    <message>
        <source>Note on the decision</source>
        <translation>决定的备注</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Adopt</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Cancel {0}</source>
        <translation>撤单 {0}</translation>
    </message>
    <message>
        <source>Leave {0}</source>
        <translation>保留 {0} 个</translation>
    </message>
    <message>
        <source>Decide to cancel the selected orders</source>
        <translation>决定对所选订单撤单</translation>
    </message>
    <message>
        <source>Why (kept with the decision)</source>
        <translation>原因（随决定保存）</translation>
    </message>
    <message>
        <source>Cancel order</source>
        <translation>撤单</translation>
    </message>
    <message>
        <source>Why (kept only with a decision)</source>
        <translation>原因（作出决定才会保存）</translation>
    </message>
    <message>
        <source>Let them join the recovered state</source>
        <translation>让它们加入恢复后的状态</translation>
    </message>
    <message>
        <source>Leave them on the exchange and remember it</source>
        <translation>将它们留在交易所并记住</translation>
    </message>
    <message>
        <source>Take the decision back</source>
        <translation>收回决定</translation>
    </message>
    <message>
        <source>Clear decision</source>
        <translation>清除决定</translation>
    </message>
    <message>
        <source>Nothing of this order, but it may lack something: {0}</source>
        <translation>没有此订单的记载，但可能有所缺失：{0}</translation>
    </message>
    <message>
        <source>Nothing of this order.</source>
        <translation>没有此订单的记载。</translation>
    </message>
    <message>
        <source>closes the position</source>
        <translation>平仓</translation>
    </message>
    <message>
        <source>reduce-only</source>
        <translation>只减仓</translation>
    </message>
    <message>
        <source>Order id</source>
        <translation>订单编号</translation>
    </message>
    <message>
        <source>Client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>One contract</source>
        <translation>每张合约</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Worth</source>
        <translation>价值</translation>
    </message>
    <message>
        <source>Smallest step</source>
        <translation>最小变动</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>the market was not described</source>
        <translation>未提供市场说明</translation>
    </message>
    <message>
        <source>amounts count {0}</source>
        <translation>数量以 {0} 计</translation>
    </message>
</context>
<context>
    <name>ExchangeListModel</name>
    <message>
        <source>its open orders cannot be listed</source>
        <translation>无法列出其挂单</translation>
    </message>
    <message>
        <source>proposed by the store</source>
        <translation>存储库建议</translation>
    </message>
</context>
<context>
    <name>ExchangePicker</name>
    <message>
        <source>Search by name or id</source>
        <translation>按名称或代码搜索</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>Exchanges found</source>
        <translation>找到的交易所</translation>
    </message>
    <message>
        <source>Loading the list of exchanges…</source>
        <translation>正在加载交易所列表…</translation>
    </message>
    <message>
        <source>No exchange that ccxt knows is called “{0}”.</source>
        <translation>ccxt 中没有名为“{0}”的交易所。</translation>
    </message>
    <message>
        <source>★ The store names this exchange.</source>
        <translation>★ 存储库指定了该交易所。</translation>
    </message>
    <message numerus="yes">
        <source>%n exchange(s) found</source>
        <translation>
            <numerusform>找到 %n 个交易所</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExecuteStep</name>
    <message>
        <source>What will be done</source>
        <translation>将要执行的操作</translation>
    </message>
    <message>
        <source>Progress of the recovery</source>
        <translation>恢复进度</translation>
    </message>
    <message>
        <source>Compare again before you decide</source>
        <translation>请先重新比对，再作决定</translation>
    </message>
    <message>
        <source>This may be another account: a recovery gives up all that the store knows</source>
        <translation>这可能是另一个账户：恢复将放弃存储库已知的全部内容</translation>
    </message>
    <message>
        <source>Nothing can be recovered until the store is back</source>
        <translation>存储库恢复之前，无法进行恢复</translation>
    </message>
    <message>
        <source>Ready to cancel {0} and save the recovered state</source>
        <translation>已就绪：撤掉 {0}并保存恢复后的状态</translation>
    </message>
    <message>
        <source>Ready to save the recovered state; no order is cancelled</source>
        <translation>已就绪：保存恢复后的状态；不对任何订单撤单</translation>
    </message>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Recovering…</source>
        <translation>正在恢复…</translation>
    </message>
    <message>
        <source>It can be stopped between two orders. What was done stays done, and is in the audit log.</source>
        <translation>可在两个订单之间停止。已做的保持完成，并记入审计日志。</translation>
    </message>
    <message>
        <source>Reading the exchange first: {0}</source>
        <translation>先读取交易所：{0}</translation>
    </message>
    <message>
        <source>Order {0} of {1}</source>
        <translation>第 {0} / {1} 个订单</translation>
    </message>
    <message>
        <source>Reading the exchange once more: {0}</source>
        <translation>再次读取交易所：{0}</translation>
    </message>
    <message>
        <source>Stopping after this order…</source>
        <translation>将在此订单之后停止…</translation>
    </message>
    <message>
        <source>The order that is under way is brought to its end.</source>
        <translation>正在处理的订单会处理完毕。</translation>
    </message>
    <message>
        <source>Each order to cancel is read again; if it is as you saw it, one cancel request is sent, and it is read until it is gone.</source>
        <translation>每个要撤单的订单都会重新读取；若与您所见一致，则发送一次撤单请求，并反复读取直到它消失。</translation>
    </message>
    <message>
        <source>Orders to adopt join the recovered state ({0}).</source>
        <translation>要接管的订单加入恢复后的状态（{0}）。</translation>
    </message>
    <message>
        <source>Without a decision, and nobody can tell whose: {0}. These orders stay on the exchange, unknown to the bot.</source>
        <translation>未作决定且无法判断归属：{0}。这些订单留在交易所，机器人不知道它们。</translation>
    </message>
    <message>
        <source>Untouched, since they are not ours: {0}. These orders stay on the exchange.</source>
        <translation>不予处理，因为不是本机器人的：{0} 个。这些订单留在交易所。</translation>
    </message>
    <message>
        <source>Orders to leave stay, and are remembered ({0}).</source>
        <translation>要保留的订单不动，并予以记录（{0}）。</translation>
    </message>
    <message>
        <source>Then the exchange is read once more, and the recovered state is saved as a new checkpoint.</source>
        <translation>然后再次读取交易所，并将恢复后的状态保存为新的检查点。</translation>
    </message>
    <message>
        <source>The exchange is read once more, and the recovered state is saved as a new checkpoint.</source>
        <translation>再次读取交易所，并把恢复后的状态保存为新的检查点。</translation>
    </message>
    <message>
        <source>Not read, and therefore kept as it was known: {0}.</source>
        <translation>未读取，因此保持已知的样子：{0}。</translation>
    </message>
</context>
<context>
    <name>Exporter</name>
    <message>
        <source>Save as {0}</source>
        <translation>另存为 {0}</translation>
    </message>
    <message>
        <source>Saving {0}</source>
        <translation>正在保存 {0}</translation>
    </message>
</context>
<context>
    <name>FactCard</name>
    <message>
        <source>All right: {0}</source>
        <translation>正常：{0}</translation>
    </message>
    <message>
        <source>Look at this: {0}</source>
        <translation>需要注意：{0}</translation>
    </message>
    <message>
        <source>Wrong: {0}</source>
        <translation>有问题：{0}</translation>
    </message>
    <message>
        <source>Not known: {0}</source>
        <translation>未知：{0}</translation>
    </message>
    <message>
        <source>Under way: {0}</source>
        <translation>进行中：{0}</translation>
    </message>
</context>
<context>
    <name>FindingsPanel</name>
    <message>
        <source>Orders</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Orphan orders</source>
        <translation>孤立订单</translation>
    </message>
    <message>
        <source>None, on both sides</source>
        <translation>双方均无</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>至少 {0}</translation>
    </message>
    <message>
        <source>against {0}</source>
        <translation>对比{0}</translation>
    </message>
    <message>
        <source>As they were known</source>
        <translation>与已知一致</translation>
    </message>
    <message>
        <source>Partly filled or changed since</source>
        <translation>其后部分成交或变化</translation>
    </message>
    <message>
        <source>Filled since</source>
        <translation>其后成交</translation>
    </message>
    <message>
        <source>Closed since</source>
        <translation>其后已关闭</translation>
    </message>
    <message>
        <source>Gone, fate unproven</source>
        <translation>已消失，结局未证实</translation>
    </message>
    <message>
        <source>Known, not read</source>
        <translation>已知，未能读取</translation>
    </message>
    <message>
        <source>Ours, unknown to the bot</source>
        <translation>本机器人的，但不为其所知</translation>
    </message>
    <message>
        <source>Protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>Not ours</source>
        <translation>非本机器人</translation>
    </message>
    <message>
        <source>Cannot tell whose</source>
        <translation>归属不明</translation>
    </message>
</context>
<context>
    <name>HiddenColumns</name>
    <message>
        <source>There is no room for: {0}. Press to choose what is shown; the table then scrolls sideways.</source>
        <translation>以下列放不下：{0}。按下可选择要显示的列；表格随后可横向滚动。</translation>
    </message>
    <message numerus="yes">
        <source>+%n column(s)</source>
        <translation>
            <numerusform>另有 %n 列</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HistoryFilters</name>
    <message>
        <source>Filter checkpoints</source>
        <translation>筛选检查点</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>触发原因</translation>
    </message>
    <message>
        <source>All causes</source>
        <translation>所有原因</translation>
    </message>
    <message>
        <source>intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>newer version</source>
        <translation>较新版本</translation>
    </message>
    <message>
        <source>Integrity</source>
        <translation>完整性</translation>
    </message>
    <message>
        <source>Any integrity</source>
        <translation>任意完整性</translation>
    </message>
    <message>
        <source>Last hour</source>
        <translation>最近 1 小时</translation>
    </message>
    <message>
        <source>Last 6 hours</source>
        <translation>最近 6 小时</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>All times</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Counted back from the newest checkpoint</source>
        <translation>从最新的检查点往回计算</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Shown rows as {0}…</source>
        <translation>显示的行另存为 {0}…</translation>
    </message>
    <message numerus="yes">
        <source>%n checkpoint(s)</source>
        <translation>
            <numerusform>%n 个检查点</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>HistoryOffers</name>
    <message>
        <source>Stop the bot first: a recovery needs the store for itself.</source>
        <translation>请先停止机器人：恢复需要独占存储库。</translation>
    </message>
    <message>
        <source>An operator at another desk holds the store: a recovery needs it for itself.</source>
        <translation>另一操作台的操作员占用了存储库：恢复需要独占它。</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Checkpoints</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Reading the checkpoints…</source>
        <translation>正在读取检查点…</translation>
    </message>
    <message>
        <source>This checkpoint is gone.</source>
        <translation>此检查点已不存在。</translation>
    </message>
    <message>
        <source>Retention may have removed it. Newer ones are not affected.</source>
        <translation>可能已被保留策略清理。更新的检查点不受影响。</translation>
    </message>
    <message>
        <source>Select two to see their difference, or one to see what it holds.</source>
        <translation>选择两个可查看差异，选择一个可查看其内容。</translation>
    </message>
    <message>
        <source>Checkpoint {0} is gone</source>
        <translation>检查点 {0} 已不存在</translation>
    </message>
    <message>
        <source>Retention removed it. Select another one.</source>
        <translation>已被保留策略清理。请选择另一个。</translation>
    </message>
    <message>
        <source>No checkpoint is selected</source>
        <translation>未选择检查点</translation>
    </message>
    <message>
        <source>Select one to see what it holds, two to see their difference.</source>
        <translation>选择一个可查看其内容，选择两个可查看差异。</translation>
    </message>
    <message numerus="yes">
        <source>%n damaged file(s) were moved aside; recovery uses the newest intact checkpoint.</source>
        <translation>
            <numerusform>%n 个损坏的文件已移开；恢复使用最新的完好检查点。</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Open a store to see its checkpoints.</source>
        <translation>打开存储库以查看其检查点。</translation>
    </message>
    <message>
        <source>No store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>The bot writes its first one a moment after it starts. It will appear here by itself.</source>
        <translation>机器人启动后片刻会写入第一个检查点，届时会自动显示在这里。</translation>
    </message>
    <message>
        <source>1 damaged file was moved aside, and none is left. The reason is in the store&apos;s corrupt directory.</source>
        <translation>有 1 个损坏的文件已被移走，没有剩余。原因见存储库的 corrupt 目录。</translation>
    </message>
    <message>
        <source>{0} damaged files were moved aside, and none is left. The reasons are in the store&apos;s corrupt directory.</source>
        <translation>有 {0} 个损坏的文件已被移走，没有剩余。原因见存储库的 corrupt 目录。</translation>
    </message>
    <message>
        <source>There is no checkpoint yet</source>
        <translation>还没有检查点</translation>
    </message>
    <message>
        <source>1 checkpoint is selected</source>
        <translation>已选择 1 个检查点</translation>
    </message>
    <message>
        <source>{0} checkpoints are selected</source>
        <translation>已选择 {0} 个检查点</translation>
    </message>
</context>
<context>
    <name>HistorySide</name>
    <message>
        <source>Reading checkpoint {0}</source>
        <translation>正在读取检查点 {0}</translation>
    </message>
</context>
<context>
    <name>HistoryStrip</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>no checkpoints</source>
        <translation>没有检查点</translation>
    </message>
    <message>
        <source>recovery</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Checkpoint {0}: {1} corrupt, moved aside</source>
        <translation>检查点 {0}：{1} 已损坏，已移开</translation>
    </message>
    <message>
        <source>Equity {0}</source>
        <translation>权益 {0}</translation>
    </message>
</context>
<context>
    <name>IntentFates</name>
    <message>
        <source>and {0} more; the report names them</source>
        <translation>另有 {0} 个，详见报告</translation>
    </message>
    <message>
        <source>it was filled; the positions include it</source>
        <translation>已成交；持仓已包含它</translation>
    </message>
    <message>
        <source>it was closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>it never arrived</source>
        <translation>从未到达</translation>
    </message>
    <message>
        <source>what became of it is not known</source>
        <translation>结果未知</translation>
    </message>
    <message>
        <source>it is open</source>
        <translation>仍在挂单</translation>
    </message>
    <message>
        <source>this account does not know it</source>
        <translation>该账户没有它的记录</translation>
    </message>
    <message>
        <source>{0} {1} {2} at {3} was about to be sent: {4}.</source>
        <translation>{0} {1} {2}，价格 {3}，当时即将发送：{4}。</translation>
    </message>
    <message>
        <source>{0} {1} of {2} at {3} was about to be sent: {4}.</source>
        <translation>{0} {2} {1}，价格 {3}，当时即将发送：{4}。</translation>
    </message>
</context>
<context>
    <name>Joined</name>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}、{1}</translation>
    </message>
    <message>
        <source>{0}; {1}</source>
        <translation>{0}；{1}</translation>
    </message>
</context>
<context>
    <name>KeyForm</name>
    <message>
        <source>Keep them in the system keyring</source>
        <translation>保存在系统密钥环中</translation>
    </message>
    <message>
        <source>Keys from environment variables</source>
        <translation>密钥来自环境变量</translation>
    </message>
    <message>
        <source>Keys from the system keyring</source>
        <translation>密钥来自系统密钥环</translation>
    </message>
    <message>
        <source>Type the keys</source>
        <translation>输入密钥</translation>
    </message>
    <message>
        <source>They are looked for under the exchange and the account&apos;s name when you test or connect.</source>
        <translation>测试或连接时，将按交易所和账户名称查找。</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API 密钥</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>密文（Secret）</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令（Passphrase）</translation>
    </message>
    <message>
        <source>User id</source>
        <translation>用户编号</translation>
    </message>
    <message>
        <source>Wallet address</source>
        <translation>钱包地址</translation>
    </message>
    <message>
        <source>Private key</source>
        <translation>私钥</translation>
    </message>
    <message>
        <source>Account id</source>
        <translation>账户编号</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录名</translation>
    </message>
    <message>
        <source>Two-factor secret</source>
        <translation>双重验证密钥</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>! The system keyring cannot keep them ({0}). They are used for this run only.</source>
        <translation>! 系统密钥环无法保存（{0}）。仅供本次运行使用。</translation>
    </message>
    <message>
        <source>! The system keyring cannot be used ({0}). Choose another source.</source>
        <translation>! 系统密钥环不可用（{0}）。请选择其他来源。</translation>
    </message>
    <message>
        <source>Choose the exchange first; then its variables are named here.</source>
        <translation>请先选择交易所；然后这里会列出其变量。</translation>
    </message>
    <message>
        <source>{0} All variables of {1} are set.</source>
        <translation>{0} {1} 的所有变量均已设置。</translation>
    </message>
    <message>
        <source>{0} Not set: {1}. Set them before you start the desk, or choose another source.</source>
        <translation>{0} 未设置：{1}。请在启动操作台之前设置，或选择其他来源。</translation>
    </message>
</context>
<context>
    <name>LaneWords</name>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>The exchange was read {0}.</source>
        <translation>交易所读取于 {0}。</translation>
    </message>
    <message>
        <source>What these values count is known when the exchange was read.</source>
        <translation>读取交易所后才知道这些数值的计量单位。</translation>
    </message>
    <message>
        <source>One contract is {0} {1}.</source>
        <translation>1 张合约为 {0} {1}。</translation>
    </message>
    <message>
        <source>contracts</source>
        <translation>张</translation>
    </message>
    <message>
        <source>({0})</source>
        <translation>({0})</translation>
    </message>
    <message>
        <source>long</source>
        <translation>多</translation>
    </message>
    <message>
        <source>short</source>
        <translation>空</translation>
    </message>
    <message>
        <source>exchange not read</source>
        <translation>交易所未读取</translation>
    </message>
    <message>
        <source>exchange now {0}</source>
        <translation>交易所当前 {0}</translation>
    </message>
    <message>
        <source>flat</source>
        <translation>空仓</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>Stop the recovery and close?</source>
        <translation>停止恢复并关闭？</translation>
    </message>
    <message>
        <source>The order that is being worked on is finished, the ones after it are not begun, and no checkpoint is saved. The recovery is offered for resumption when the store is opened again.</source>
        <translation>正在处理的订单会处理完毕，其后的不再开始，也不保存检查点。下次打开存储库时可以继续恢复。</translation>
    </message>
    <message>
        <source>Store</source>
        <translation>存储库</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Keep going</source>
        <translation>继续进行</translation>
    </message>
</context>
<context>
    <name>LoadingState</name>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Application log</source>
        <translation>应用日志</translation>
    </message>
    <message>
        <source>the newest first</source>
        <extracomment>The log itself is English, for whoever is sent it: a translation into another language says so here.</extracomment>
        <translation>最新的在最前；日志以英文书写，便于转交技术支持</translation>
    </message>
    <message>
        <source>Nothing has been logged yet.</source>
        <translation>尚无任何日志。</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to</source>
        <translation>转到</translation>
    </message>
    <message>
        <source>Open a store first; this is done to the store that is shown.</source>
        <translation>请先打开存储库；此操作针对当前显示的存储库。</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>Copy the path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Show in the file manager</source>
        <translation>在文件管理器中显示</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
</context>
<context>
    <name>MoneyPanel</name>
    <message>
        <source>Money and fills</source>
        <translation>资金与成交</translation>
    </message>
    <message>
        <source>All sums, times and fees: export the report…</source>
        <translation>全部金额、时间与手续费：导出报告…</translation>
    </message>
    <message>
        <source>Money and fills, as read before the recovery</source>
        <translation>资金与成交（恢复之前读取）</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>it could not be read; the sums stay as they were known</source>
        <translation>无法读取；各项金额保持之前已知的数值</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>not told by the exchange; {0} {1} as it was known</source>
        <translation>交易所未告知；之前已知为 {0} {1}</translation>
    </message>
    <message>
        <source>{0} {1}, as it was known</source>
        <translation>{0} {1}，与之前已知的一致</translation>
    </message>
    <message>
        <source>{0} {1}, before {2}, change {3}</source>
        <translation>{0} {1}，此前 {2}，变化 {3}</translation>
    </message>
    <message>
        <source>Orders that filled since</source>
        <translation>此后成交的订单</translation>
    </message>
    <message>
        <source>none that the exchange told of</source>
        <translation>交易所未告知任何成交</translation>
    </message>
    <message>
        <source>{0}: {1} filled</source>
        <translation>{0}：已成交 {1}</translation>
    </message>
    <message>
        <source>{0}: {1} filled in all; how much of it since is not told</source>
        <translation>{0}：共成交 {1}；其中此后成交多少未告知</translation>
    </message>
    <message numerus="yes">
        <source>and %n more order(s); the exported report names them</source>
        <translation>
            <numerusform>另有 %n 个订单；导出的报告中逐一列出</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NewsPanel</name>
    <message>
        <source>Latest activity</source>
        <translation>最近活动</translation>
    </message>
    <message>
        <source>All activity</source>
        <translation>全部活动</translation>
    </message>
    <message>
        <source>Not known: {0}</source>
        <translation>未知：{0}</translation>
    </message>
    <message>
        <source>Nothing is in the audit log yet.</source>
        <translation>审计日志中还没有内容。</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>{0}: the bot crashed</source>
        <translation>{0}：机器人已崩溃</translation>
    </message>
    <message>
        <source>{0}: the bot has stopped</source>
        <translation>{0}：机器人已停止</translation>
    </message>
    <message>
        <source>Open the desk to see what it left behind.</source>
        <translation>请打开操作台查看它留下的内容。</translation>
    </message>
    <message>
        <source>Its last sign of life was at {0}. Open the desk to see what it left behind.</source>
        <translation>它最后的活动迹象在 {0}。请打开操作台查看它留下的内容。</translation>
    </message>
    <message>
        <source>1 order needs your decision</source>
        <translation>1 个订单需要您决定</translation>
    </message>
    <message>
        <source>{0} orders need your decision</source>
        <translation>{0} 个订单需要您决定</translation>
    </message>
    <message>
        <source>They are open at the exchange, and the bot&apos;s last known state does not have them.</source>
        <translation>它们在交易所挂单中，而机器人的最后已知状态中没有。</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>The reconciled state is saved for the bot&apos;s next start.</source>
        <translation>核对后的状态已保存，供机器人下次启动使用。</translation>
    </message>
    <message>
        <source>The reconciled state is saved. Before the bot starts, 1 order needs your decision.</source>
        <translation>核对后的状态已保存。机器人启动前，仍有 1 个订单需要您决定。</translation>
    </message>
    <message>
        <source>The reconciled state is saved. Before the bot starts, {0} orders need your decision.</source>
        <translation>核对后的状态已保存。机器人启动前，仍有 {0} 个订单需要您决定。</translation>
    </message>
    <message>
        <source>{0}: the recovery is finished</source>
        <translation>{0}：恢复已完成</translation>
    </message>
    <message>
        <source>Nothing was saved for the bot. The report says which steps were done.</source>
        <translation>未为机器人保存任何内容。报告中列出了已完成的步骤。</translation>
    </message>
    <message>
        <source>{0}: the recovery ended before it was finished</source>
        <translation>{0}：恢复未完成即结束</translation>
    </message>
    <message>
        <source>{0}: something did not succeed</source>
        <translation>{0}：有操作未成功</translation>
    </message>
    <message>
        <source>The store cannot be read</source>
        <translation>无法读取存储库</translation>
    </message>
    <message>
        <source>The comparison failed</source>
        <translation>与交易所对比失败</translation>
    </message>
    <message>
        <source>The recovery failed</source>
        <translation>恢复失败</translation>
    </message>
    <message>
        <source>{0} things need your attention</source>
        <translation>{0} 件事需要您注意</translation>
    </message>
    <message>
        <source>Crashdesk: no store is open.</source>
        <translation>Crashdesk：没有打开的存储库。</translation>
    </message>
    <message>
        <source>Crashdesk: {0} needs attention ({1}).</source>
        <translation>Crashdesk：{0} 需要处理（{1}）。</translation>
    </message>
    <message>
        <source>Crashdesk: {0} stores need attention: {1}.</source>
        <translation>Crashdesk：{0} 个存储库需要注意：{1}。</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>Crashdesk: 1 store, nothing needs attention.</source>
        <translation>Crashdesk：1 个存储库，一切正常。</translation>
    </message>
    <message>
        <source>Crashdesk: {0} stores, nothing needs attention.</source>
        <translation>Crashdesk：{0} 个存储库，一切正常。</translation>
    </message>
</context>
<context>
    <name>NoticesPanel</name>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>{0} is newer than the last intact checkpoint and cannot be used: {1}</source>
        <translation>{0} 比最后一个完好的检查点更新，但不可用：{1}</translation>
    </message>
    <message>
        <source>{0} more newer checkpoints cannot be used.</source>
        <translation>另有 {0} 个更新的检查点不可用。</translation>
    </message>
    <message>
        <source>Damaged checkpoints that were moved aside earlier: {0}.</source>
        <translation>先前移开的损坏检查点：{0}。</translation>
    </message>
    <message>
        <source>Compare with the exchange; what it says decides.</source>
        <translation>请与交易所对比；以其数据为准。</translation>
    </message>
    <message numerus="yes">
        <source>No checkpoint can be used. The last known state was put together from the journal alone, from %n change(s).</source>
        <translation>
            <numerusform>没有可用的检查点。最后已知状态仅由流水日志中的 %n 项变更拼合而成。</numerusform>
        </translation>
    </message>
    <message>
        <source>Something may be missing in the last known state: {0}.</source>
        <translation>最后已知状态中可能有所缺失：{0}。</translation>
    </message>
    <message>
        <source>A recovery by {0}, begun {1}, was interrupted. Decisions carried out: {2} of {3}.</source>
        <translation>{0} 于{1}开始的恢复被中断。已执行的决定：{2} / {3}。</translation>
    </message>
    <message numerus="yes">
        <source>The result of %n of them is unknown.</source>
        <translation>
            <numerusform>其中 %n 个结果未知。</numerusform>
        </translation>
    </message>
    <message>
        <source>The journal was written by a newer version of Crashdesk. What happened after the checkpoint, what was decided and whether a recovery was interrupted cannot be read here; that version can.</source>
        <translation>流水日志由较新版本的 Crashdesk 写入。检查点之后发生了什么、做过哪些决定、是否有恢复被中断，在此均无法读取；该版本可以读取。</translation>
    </message>
    <message>
        <source>The journal does not help to tell whose an order is: {0}.</source>
        <translation>流水日志无助于判断订单归属：{0}。</translation>
    </message>
    <message>
        <source>The audit log cannot be read: {0}</source>
        <translation>无法读取审计日志：{0}</translation>
    </message>
    <message>
        <source>Not read, so unknown: {0}.</source>
        <translation>未读取，因此未知：{0}。</translation>
    </message>
</context>
<context>
    <name>OrphanBanners</name>
    <message>
        <source>This account&apos;s key can only read: adopt or leave orders here; it cannot cancel any, so none is proposed for cancelling. To cancel, connect a key that may trade.</source>
        <translation>该账户的密钥只能读取：可在此接管或保留订单；它无法撤单，因此不建议对任何订单撤单。如需撤单，请接入可以交易的密钥。</translation>
    </message>
    <message>
        <source>Not everything was read, so there may be orphan orders that are not shown: {0}</source>
        <translation>并非所有内容都已读取，因此可能有未显示的孤立订单：{0}</translation>
    </message>
    <message>
        <source>This plan was executed. Compare again to see what is on the exchange now.</source>
        <translation>此方案已执行。请重新对比以查看交易所现状。</translation>
    </message>
    <message>
        <source>The recovery stopped before its end; nothing was saved.</source>
        <translation>恢复中途停止；没有保存任何内容。</translation>
    </message>
    <message numerus="yes">
        <source>What became of %n order(s) is unknown.</source>
        <translation>
            <numerusform>%n 个订单的结果未知。</numerusform>
        </translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>Comparing again failed; this is the exchange as it was read {0}: {1}</source>
        <translation>重新对比失败；这是{0}读取的交易所状况：{1}</translation>
    </message>
</context>
<context>
    <name>OrphanDeciding</name>
    <message>
        <source>Cancel</source>
        <translation>撤单</translation>
    </message>
    <message>
        <source>Adopt into the recovered state</source>
        <translation>接管到恢复后的状态</translation>
    </message>
    <message>
        <source>Leave, and remember</source>
        <translation>保留，并记住</translation>
    </message>
    <message>
        <source>Clear decision</source>
        <translation>清除决定</translation>
    </message>
    <message>
        <source>Copy rows</source>
        <translation>复制行</translation>
    </message>
</context>
<context>
    <name>OrphanFooter</name>
    <message>
        <source>adopt {0}</source>
        <translation>接管 {0}</translation>
    </message>
    <message>
        <source>leave {0}</source>
        <translation>保留 {0}</translation>
    </message>
    <message>
        <source>undecided {0}</source>
        <translation>未决定 {0}</translation>
    </message>
    <message>
        <source>untouched {0}</source>
        <translation>不予处理 {0}</translation>
    </message>
    <message>
        <source>Orphan orders {0}</source>
        <translation>孤立订单 {0}</translation>
    </message>
    <message>
        <source>cancel {0}</source>
        <translation>撤单 {0}</translation>
    </message>
    <message>
        <source>left before {0}</source>
        <translation>先前已保留 {0}</translation>
    </message>
    <message>
        <source>cancel {0} ({1} proposed)</source>
        <translation>撤单 {0}（其中建议 {1}）</translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>Resume the recovery</source>
        <translation>继续恢复</translation>
    </message>
    <message>
        <source>Continue to recovery</source>
        <translation>前往恢复</translation>
    </message>
    <message>
        <source>Resuming first reads what became of these orders, and sends nothing twice.</source>
        <translation>继续恢复会先读取这些订单的结果，不会重复发送任何请求。</translation>
    </message>
    <message>
        <source>This recovery has ended; each row shows what came of the decision.</source>
        <translation>这次恢复已结束；每一行显示该决定的结果。</translation>
    </message>
    <message>
        <source>Nothing is decided and nothing is cancelled here while somebody else is at work on the store.</source>
        <translation>有其他人或程序正在使用存储库时，此处不作任何决定，也不撤单。</translation>
    </message>
    <message>
        <source>A decision alone touches nothing. Orders are cancelled on the recovery page, after you confirm.</source>
        <translation>决定本身不作任何操作。在您确认后，订单于“恢复”页撤单。</translation>
    </message>
</context>
<context>
    <name>OrphanReasons</name>
    <message>
        <source>in the bot&apos;s journal</source>
        <translation>已记入机器人的流水日志</translation>
    </message>
    <message>
        <source>the bot was cancelling it</source>
        <translation>机器人正要撤单</translation>
    </message>
    <message>
        <source>the bot&apos;s prefix {prefix}</source>
        <translation>机器人前缀 {prefix}</translation>
    </message>
    <message>
        <source>only this bot trades here</source>
        <translation>只有此机器人在此交易</translation>
    </message>
    <message>
        <source>no client order id</source>
        <translation>没有客户端订单编号</translation>
    </message>
    <message>
        <source>other program: {prefix}</source>
        <translation>其他程序：{prefix}</translation>
    </message>
    <message>
        <source>the bot&apos;s prefix before: {prefix}</source>
        <translation>机器人以前的前缀：{prefix}</translation>
    </message>
    <message>
        <source>the journal may lack it</source>
        <translation>流水日志可能缺失</translation>
    </message>
    <message>
        <source>not the bot&apos;s id: {client_id}</source>
        <translation>非机器人编号：{client_id}</translation>
    </message>
    <message>
        <source>not in the bot&apos;s journal</source>
        <translation>未记入机器人的流水日志</translation>
    </message>
    <message>
        <source>the bot&apos;s prefix, not in its journal</source>
        <translation>前缀是机器人的，但其日志中没有</translation>
    </message>
    <message>
        <source>no prefix, no intent</source>
        <translation>无前缀，也无意图</translation>
    </message>
    <message>
        <source>too young: read again</source>
        <translation>太新：请重新读取</translation>
    </message>
    <message>
        <source>the bot is running</source>
        <translation>机器人正在运行</translation>
    </message>
    <message>
        <source>protects the long position</source>
        <translation>保护多头持仓</translation>
    </message>
    <message>
        <source>protects the short position</source>
        <translation>保护空头持仓</translation>
    </message>
    <message>
        <source>protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>may protect a position</source>
        <translation>可能保护持仓</translation>
    </message>
</context>
<context>
    <name>OrphansPage</name>
    <message>
        <source>Filter by symbol, side, id or reason</source>
        <translation>按交易对、方向、编号或理由筛选</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>重新对比</translation>
    </message>
    <message>
        <source>Reset to proposal</source>
        <translation>重置为建议</translation>
    </message>
    <message>
        <source>Drop every decision and propose again what is provably ours</source>
        <translation>放弃所有决定，并重新建议可证明属于本机器人的订单</translation>
    </message>
    <message>
        <source>Orphan orders</source>
        <translation>孤立订单</translation>
    </message>
    <message>
        <source>Orphan orders, grouped by verdict</source>
        <translation>孤立订单，按判定分组</translation>
    </message>
    <message>
        <source>Space or {0}: cancel. {1}: adopt. {2}: leave. {3}: clear the decision. The evidence follows below.</source>
        <translation>空格键或 {0}：撤单。{1}：接管。{2}：保留。{3}：清除决定。依据在下方。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>{0} chosen for cancelling not shown</source>
        <translation>{0} 个选定撤单的未显示</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>less than a minute ago</source>
        <translation>不到一分钟前</translation>
    </message>
    <message>
        <source>1 minute ago</source>
        <translation>1 分钟前</translation>
    </message>
    <message>
        <source>{0} minutes ago</source>
        <translation>{0} 分钟前</translation>
    </message>
    <message>
        <source>No checkpoint of this store can be trusted.</source>
        <translation>此存储库的检查点均不可信。</translation>
    </message>
    <message>
        <source>This store was written by a newer version of Crashdesk.</source>
        <translation>此存储库由较新版本的 Crashdesk 写入。</translation>
    </message>
    <message>
        <source>A recovery was begun and not finished.</source>
        <translation>有一次恢复已开始但未完成。</translation>
    </message>
    <message>
        <source>1 orphan order is still open.</source>
        <translation>仍有 1 个孤立订单未了结。</translation>
    </message>
    <message>
        <source>{0} orphan orders are still open.</source>
        <translation>仍有 {0} 个孤立订单未了结。</translation>
    </message>
    <message>
        <source>The state is recovered and saved.</source>
        <translation>状态已恢复并保存。</translation>
    </message>
    <message>
        <source>Recovered.</source>
        <translation>已恢复。</translation>
    </message>
    <message>
        <source>1 orphan order still needs your decision.</source>
        <translation>仍有 1 个孤立订单需要您决定。</translation>
    </message>
    <message>
        <source>{0} orphan orders still need your decision.</source>
        <translation>仍有 {0} 个孤立订单需要您决定。</translation>
    </message>
    <message>
        <source>1 position has no stop.</source>
        <translation>1 个持仓没有止损。</translation>
    </message>
    <message>
        <source>{0} positions have no stop.</source>
        <translation>{0} 个持仓没有止损。</translation>
    </message>
    <message>
        <source>Stops cover only a part of 1 position.</source>
        <translation>1 个持仓只有部分被止损覆盖。</translation>
    </message>
    <message>
        <source>Stops cover only a part of {0} positions.</source>
        <translation>{0} 个持仓只有部分被止损覆盖。</translation>
    </message>
    <message>
        <source>Whether stops cover 1 position is not known.</source>
        <translation>1 个持仓是否有止损覆盖尚不清楚。</translation>
    </message>
    <message>
        <source>Whether stops cover {0} positions is not known.</source>
        <translation>{0} 个持仓是否有止损覆盖尚不清楚。</translation>
    </message>
    <message>
        <source>{0} without a stop</source>
        <translation>{0} 个没有止损</translation>
    </message>
    <message>
        <source>{0} partly covered by stops</source>
        <translation>{0} 个仅部分有止损</translation>
    </message>
    <message>
        <source>stops of {0} not known</source>
        <translation>{0} 个止损情况不明</translation>
    </message>
    <message>
        <source>There is no checkpoint in this store yet.</source>
        <translation>此存储库中还没有检查点。</translation>
    </message>
    <message>
        <source>A recovery is under way.</source>
        <translation>正在进行恢复。</translation>
    </message>
    <message>
        <source>The bot is running.</source>
        <translation>机器人正在运行。</translation>
    </message>
    <message>
        <source>The bot crashed.</source>
        <translation>机器人已崩溃。</translation>
    </message>
    <message>
        <source>The bot is not running.</source>
        <translation>机器人未运行。</translation>
    </message>
    <message>
        <source>The bot crashed {0}.</source>
        <translation>机器人已崩溃（{0}）。</translation>
    </message>
    <message>
        <source>The bot stopped {0}.</source>
        <translation>机器人已停止（{0}）。</translation>
    </message>
    <message>
        <source>The bot is not running; its last sign of life was {0}.</source>
        <translation>机器人未在运行；最后一次活动迹象在 {0}。</translation>
    </message>
    <message>
        <source>The account that is connected may be another one: look at the keys first.</source>
        <translation>已连接的账户可能是另一个账户：请先检查密钥。</translation>
    </message>
    <message>
        <source>1 order needs your decision.</source>
        <translation>1 个订单需要您决定。</translation>
    </message>
    <message>
        <source>{0} orders need your decision.</source>
        <translation>{0} 个订单需要您决定。</translation>
    </message>
    <message>
        <source>{0} orders: {1} decided, {2} proposed for cancelling. Execute the recovery.</source>
        <translation>共 {0} 个订单：{1} 个已决定，{2} 个建议撤单。请执行恢复。</translation>
    </message>
    <message>
        <source>1 order is proposed for cancelling: execute the recovery.</source>
        <translation>建议对 1 个订单撤单：请执行恢复。</translation>
    </message>
    <message>
        <source>{0} orders are proposed for cancelling: execute the recovery.</source>
        <translation>建议对 {0} 个订单撤单：请执行恢复。</translation>
    </message>
    <message>
        <source>1 order is decided: execute the recovery.</source>
        <translation>1 个订单已决定：请执行恢复。</translation>
    </message>
    <message>
        <source>{0} orders are decided: execute the recovery.</source>
        <translation>{0} 个订单已决定：请执行恢复。</translation>
    </message>
    <message>
        <source>Not everything could be read from the exchange.</source>
        <translation>未能从交易所读取全部内容。</translation>
    </message>
    <message>
        <source>1 order may or may not have arrived at the exchange.</source>
        <translation>有 1 个订单是否到达交易所无法确定。</translation>
    </message>
    <message>
        <source>{0} orders may or may not have arrived at the exchange.</source>
        <translation>有 {0} 个订单是否到达交易所无法确定。</translation>
    </message>
    <message>
        <source>The journal is in doubt: something may be missing from what is known.</source>
        <translation>流水日志存疑：已知状态可能有缺失。</translation>
    </message>
    <message>
        <source>Its last known state differs from the exchange.</source>
        <translation>其最后已知状态与交易所不一致。</translation>
    </message>
    <message>
        <source>Its last known state matches the exchange.</source>
        <translation>其最后已知状态与交易所一致。</translation>
    </message>
    <message>
        <source>Working; the line at the bottom says what is being read.</source>
        <translation>处理中；底部状态栏显示正在读取的内容。</translation>
    </message>
    <message>
        <source>Every position that the store knows is gone, and nothing proves that this account closed it. If the keys are those of another account, connect with the right ones; if it was closed by hand, confirm that in the recovery.</source>
        <translation>存储库所知的持仓已全部不在，且没有任何证据表明是此账户平掉的。如果密钥属于另一个账户，请用正确的密钥连接；如果是手动平仓，请在恢复中确认。</translation>
    </message>
    <message>
        <source>It has never heard of any order that the store knows, and holds none of its positions. Connect with the keys of the right account; a recovery on this one would give up all that the store knows.</source>
        <translation>该账户对存储库已知的任何订单都没有记录，也不持有其中的任何持仓。请使用正确账户的密钥连接；在此账户上恢复将放弃存储库已知的全部内容。</translation>
    </message>
    <message>
        <source>The report of the recovery warns of something: look at it first. Start the bot again after that: it restores this state.</source>
        <translation>恢复报告中有警告：请先查看。之后再重新启动机器人：它将恢复此状态。</translation>
    </message>
    <message>
        <source>The report of the recovery warns of something: look at it first. The bot&apos;s next start restores this state.</source>
        <translation>恢复报告中有警告：请先查看。机器人下次启动时将恢复此状态。</translation>
    </message>
    <message>
        <source>The bot&apos;s next start restores this state.</source>
        <translation>机器人下次启动时会还原此状态。</translation>
    </message>
    <message>
        <source>It need not be damaged, and nothing was changed. Use the version of Crashdesk that wrote it, or update this one.</source>
        <translation>它不一定损坏，也没有更改任何内容。请使用写入它的 Crashdesk 版本，或更新此版本。</translation>
    </message>
    <message>
        <source>This compares checkpoint {0}, not the last known state {1}: orders that came since look unknown.</source>
        <translation>当前对比的是检查点 {0}，而不是最后已知状态 {1}：此后出现的订单看起来是未知的。</translation>
    </message>
    <message>
        <source>It holds the store, so you can look and compare; a recovery needs the bot stopped.</source>
        <translation>它占用着存储库，因此您可以查看和对比；恢复需要先停止机器人。</translation>
    </message>
    <message>
        <source>Start the bot again: it restores this state.</source>
        <translation>重新启动机器人：它将恢复此状态。</translation>
    </message>
    <message>
        <source>Connect the exchange: what has happened there since is not known. Reading changes nothing.</source>
        <translation>连接交易所：此后那里发生了什么尚不清楚。读取不会改变任何东西。</translation>
    </message>
    <message>
        <source>Review the orphan orders: look at each and its evidence, and decide: cancel, adopt or leave. Nothing is sent before you confirm the last step.</source>
        <translation>查看孤立订单：查看每个订单及其依据，然后决定：撤单、接管或保留。在您确认最后一步之前不会发送任何内容。</translation>
    </message>
    <message>
        <source>Go to the recovery: the plan is ready. Executed, it saves the true state as a new checkpoint, from which the bot&apos;s next start goes on.</source>
        <translation>前往恢复：计划已就绪。执行后会把真实状态保存为新的检查点，机器人下次启动由此继续。</translation>
    </message>
    <message>
        <source>Resume the recovery: it first reads what became of the rest, and sends nothing twice. What was done stays done.</source>
        <translation>继续恢复：先读取其余订单的结果，不会重复发送任何内容。已完成的保持不变。</translation>
    </message>
    <message>
        <source>Compare with the exchange again: the store knows more since the last comparison. Reading changes nothing.</source>
        <translation>再与交易所对比一次：上次对比之后，存储库又有了新内容。读取不会改变任何东西。</translation>
    </message>
    <message>
        <source>Compare with the exchange again before you decide: a part of the account could not be read, and what is in it is unknown.</source>
        <translation>决定之前请再次与交易所对比：账户的一部分未能读取，其中内容未知。</translation>
    </message>
    <message>
        <source>Compare with the exchange first: how positions and stops stand since is not known. The bot&apos;s next start restores this state.</source>
        <translation>请先与交易所对比：此后持仓和止损单的情况未知。机器人下次启动将恢复此状态。</translation>
    </message>
    <message>
        <source>Compare with the exchange: what has happened there since is not known. Comparing only reads; it changes nothing.</source>
        <translation>与交易所对比：此后那里发生了什么尚不清楚。对比只读取，不改变任何东西。</translation>
    </message>
    <message>
        <source>Connect the exchange…</source>
        <translation>连接交易所…</translation>
    </message>
    <message>
        <source>Compare with the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Review the orphan orders</source>
        <translation>查看孤立订单</translation>
    </message>
    <message>
        <source>Go to the recovery</source>
        <translation>前往恢复</translation>
    </message>
    <message>
        <source>Resume the recovery</source>
        <translation>继续恢复</translation>
    </message>
    <message>
        <source>Start the bot again</source>
        <translation>重新启动机器人</translation>
    </message>
    <message>
        <source>Not readable here</source>
        <translation>此处无法读取</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>及其他 {0} 个</translation>
    </message>
    <message>
        <source>{0} left before</source>
        <translation>先前已保留 {0} 个</translation>
    </message>
    <message>
        <source>newer version</source>
        <translation>较新版本</translation>
    </message>
    <message>
        <source>None valid</source>
        <translation>均无效</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>nothing saved</source>
        <translation>没有保存内容</translation>
    </message>
    <message>
        <source>from the journal alone</source>
        <translation>仅来自流水日志</translation>
    </message>
    <message>
        <source>something may be missing</source>
        <translation>可能有所缺失</translation>
    </message>
    <message>
        <source>intact; 1 newer is damaged</source>
        <translation>完好；1 个更新的已损坏</translation>
    </message>
    <message>
        <source>intact; {0} newer are damaged</source>
        <translation>完好；{0} 个更新的已损坏</translation>
    </message>
    <message>
        <source>intact; a later one cannot be read here</source>
        <translation>完好；较新的一个无法在此读取</translation>
    </message>
    <message>
        <source>Its state matched the exchange {0}.</source>
        <translation>其状态在{0}与交易所一致。</translation>
    </message>
    <message>
        <source>Its positions matched the exchange {0}.</source>
        <translation>其持仓在{0}与交易所一致。</translation>
    </message>
    <message>
        <source>intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>No. {0}, {1}</source>
        <translation>第 {0} 号，{1}</translation>
    </message>
    <message>
        <source>1 change until</source>
        <translation>1 项变更至</translation>
    </message>
    <message>
        <source>{0} changes until</source>
        <translation>{0} 项变更至</translation>
    </message>
    <message>
        <source>No. {0} is damaged: {1}</source>
        <translation>第 {0} 号已损坏：{1}</translation>
    </message>
    <message>
        <source>No. {0} is of a newer version of Crashdesk</source>
        <translation>第 {0} 号来自较新版本的 Crashdesk</translation>
    </message>
    <message>
        <source>{0}, process {1} on {2}</source>
        <translation>{0}，{2} 上的进程 {1}</translation>
    </message>
    <message>
        <source>holds the store</source>
        <translation>占用存储库</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>This desk</source>
        <translation>本操作台</translation>
    </message>
    <message>
        <source>An operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>cannot be told</source>
        <translation>无法判断</translation>
    </message>
    <message>
        <source>Not running</source>
        <translation>未在运行</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Crashed</source>
        <translation>已崩溃</translation>
    </message>
    <message>
        <source>It ended without closing the store.</source>
        <translation>它结束时没有关闭存储库。</translation>
    </message>
    <message>
        <source>How it ended is not noted.</source>
        <translation>没有记录它是如何结束的。</translation>
    </message>
    <message>
        <source>not started again yet</source>
        <translation>尚未重新启动</translation>
    </message>
    <message>
        <source>last sign {0}</source>
        <translation>最后迹象 {0}</translation>
    </message>
    <message>
        <source>never heard of</source>
        <translation>从未有过消息</translation>
    </message>
    <message>
        <source>It ended in order.</source>
        <translation>它正常结束。</translation>
    </message>
    <message>
        <source>1 position changed sides.</source>
        <translation>1 个持仓已反向。</translation>
    </message>
    <message>
        <source>{0} positions changed sides.</source>
        <translation>{0} 个持仓已反向。</translation>
    </message>
    <message>
        <source>Compare the last known state before you decide on any order: what the bot placed since is known to it. Reading changes nothing.</source>
        <translation>请先对比最后已知状态，再对订单作出决定：机器人此后下的订单它都知道。读取不会改变任何内容。</translation>
    </message>
    <message>
        <source>Compare with the exchange and decide on what the recovery left open, before the bot starts. Reading changes nothing.</source>
        <translation>请与交易所对比，并在机器人启动前对恢复后遗留的订单作出决定。读取不会改变任何东西。</translation>
    </message>
    <message>
        <source>Compare the last known state</source>
        <translation>对比最后已知状态</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>live account</source>
        <translation>实盘账户</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>comparison out of date</source>
        <translation>比对已过时</translation>
    </message>
    <message>
        <source>not compared yet</source>
        <translation>尚未对比</translation>
    </message>
    <message>
        <source>{0} of {1} scopes, {2}</source>
        <translation>{0} / {1} 个范围，{2}</translation>
    </message>
    <message>
        <source>read {0}</source>
        <translation>{0}读取</translation>
    </message>
    <message>
        <source>Not known now</source>
        <translation>目前未知</translation>
    </message>
    <message>
        <source>As the exchange</source>
        <translation>与交易所一致</translation>
    </message>
    <message>
        <source>saved by the recovery</source>
        <translation>已由恢复保存</translation>
    </message>
    <message>
        <source>not compared since the recovery</source>
        <translation>恢复之后尚未对比</translation>
    </message>
    <message>
        <source>not compared</source>
        <translation>未对比</translation>
    </message>
    <message>
        <source>{0} of {1} not compared</source>
        <translation>{1} 个中有 {0} 个未对比</translation>
    </message>
    <message>
        <source>{0} of {1} differs</source>
        <translation>{1} 个中有 {0} 个不一致</translation>
    </message>
    <message>
        <source>{0} of {1} differ</source>
        <translation>{1} 个中有 {0} 个不一致</translation>
    </message>
    <message>
        <source>changed since</source>
        <translation>其后有变化</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>flat on both sides</source>
        <translation>双方均空仓</translation>
    </message>
    <message>
        <source>1 of 1 matches</source>
        <translation>1 / 1 一致</translation>
    </message>
    <message>
        <source>{0} of {0} match</source>
        <translation>{0} / {0} 一致</translation>
    </message>
    <message>
        <source>quantity and side equal</source>
        <translation>数量和方向相同</translation>
    </message>
    <message>
        <source>None seen</source>
        <translation>未发现</translation>
    </message>
    <message>
        <source>not all orders could be read</source>
        <translation>未能读取全部订单</translation>
    </message>
    <message>
        <source>nothing to decide</source>
        <translation>无需决定</translation>
    </message>
    <message>
        <source>not in the last known state</source>
        <translation>不在最后已知状态中</translation>
    </message>
    <message>
        <source>1 needs your decision ({1})</source>
        <translation>1 个待您决定（{1}）</translation>
    </message>
    <message>
        <source>{0} need your decision ({1})</source>
        <translation>{0} 个待您决定（{1}）</translation>
    </message>
    <message>
        <source>1 of these protects a position</source>
        <translation>其中 1 个保护持仓</translation>
    </message>
    <message>
        <source>{0} of these protect a position</source>
        <translation>其中 {0} 个保护持仓</translation>
    </message>
    <message>
        <source>1 of the others protects a position</source>
        <translation>其余中 1 个保护持仓</translation>
    </message>
    <message>
        <source>{0} of the others protect a position</source>
        <translation>其余中 {0} 个保护持仓</translation>
    </message>
    <message>
        <source>1 protects a position, untouched</source>
        <translation>1 个保护持仓，不予处理</translation>
    </message>
    <message>
        <source>{0} protect a position, untouched</source>
        <translation>{0} 个保护持仓，不予处理</translation>
    </message>
    <message>
        <source>{0} not ours, untouched</source>
        <translation>{0} 个非本机器人，不予处理</translation>
    </message>
    <message>
        <source>{0} of them older than a minute</source>
        <translation>其中 {0} 个已超过一分钟</translation>
    </message>
    <message>
        <source>A running bot may have placed them just now.</source>
        <translation>可能是运行中的机器人刚刚下的单。</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>至少 {0}</translation>
    </message>
    <message>
        <source>{0} proposed for cancelling</source>
        <translation>{0} 个建议撤单</translation>
    </message>
    <message>
        <source>all decided</source>
        <translation>全部已决定</translation>
    </message>
    <message>
        <source>{0} decided</source>
        <translation>{0} 个已决定</translation>
    </message>
    <message>
        <source>{0} of them a running bot may have placed just now</source>
        <translation>其中 {0} 个可能是运行中的机器人刚刚下的</translation>
    </message>
    <message>
        <source>At least {0}</source>
        <translation>至少 {0}</translation>
    </message>
    <message>
        <source>Dead man&apos;s switch: not armed</source>
        <translation>失联保护：未启用</translation>
    </message>
    <message>
        <source>Dead man&apos;s switch: fires about {0}.</source>
        <translation>失联保护：约{0}触发。</translation>
    </message>
    <message>
        <source>Dead man&apos;s switch: expired about {0}.</source>
        <translation>失联保护：约{0}到期。</translation>
    </message>
    <message>
        <source>Dead man&apos;s switch: cannot be refreshed, fires {0}.</source>
        <translation>失联保护：无法刷新，{0}触发。</translation>
    </message>
    <message>
        <source>Dead man&apos;s switch: armed, {0} s.</source>
        <translation>失联保护：已启用，{0} 秒。</translation>
    </message>
    <message>
        <source>It cancels orders, not protective stops.</source>
        <translation>它会对订单撤单，保护性止损除外。</translation>
    </message>
    <message>
        <source>It cancels protective stops too.</source>
        <translation>它也会对保护性止损撤单。</translation>
    </message>
    <message>
        <source>It cancelled the orders, not protective stops.</source>
        <translation>它已对订单撤单，保护性止损除外。</translation>
    </message>
    <message>
        <source>It cancelled the orders, protective stops too.</source>
        <translation>它已对订单撤单，包括保护性止损。</translation>
    </message>
    <message>
        <source>The store cannot be read. Nothing can be recovered until it is back.</source>
        <translation>无法读取存储库。在它恢复之前，无法进行恢复。</translation>
    </message>
    <message>
        <source>The exchange could not be read.</source>
        <translation>未能读取交易所。</translation>
    </message>
    <message>
        <source>cannot be read now</source>
        <translation>现在无法读取</translation>
    </message>
</context>
<context>
    <name>OverviewPage</name>
    <message>
        <source>Compare again</source>
        <translation>重新对比</translation>
    </message>
    <message>
        <source>See the report</source>
        <translation>查看报告</translation>
    </message>
    <message>
        <source>Last known state</source>
        <translation>最后已知状态</translation>
    </message>
    <message>
        <source>Bot</source>
        <translation>机器人</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Orphan orders</source>
        <translation>孤立订单</translation>
    </message>
    <message>
        <source>Situation of the store</source>
        <translation>存储库的状况</translation>
    </message>
    <message>
        <source>Reading the store…</source>
        <translation>正在读取存储库…</translation>
    </message>
    <message>
        <source>Choose one on the left, or open another.</source>
        <translation>请在左侧选择一个，或打开另一个。</translation>
    </message>
    <message>
        <source>No store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Compare with the exchange</source>
        <translation>与交易所对比</translation>
    </message>
</context>
<context>
    <name>PathLabel</name>
    <message>
        <source>Path: {0}</source>
        <translation>路径：{0}</translation>
    </message>
</context>
<context>
    <name>PictureComposer</name>
    <message>
        <source>{0}: positions</source>
        <translation>{0}：持仓</translation>
    </message>
    <message>
        <source>the exchange, read {0}</source>
        <translation>交易所（读取于 {0}）</translation>
    </message>
    <message>
        <source>long</source>
        <translation>多</translation>
    </message>
    <message>
        <source>short</source>
        <translation>空</translation>
    </message>
    <message>
        <source>no checkpoint: nothing is known</source>
        <translation>无检查点：情况不明</translation>
    </message>
    <message>
        <source>a value that held only for a moment</source>
        <translation>仅持续极短时间的数值</translation>
    </message>
    <message>
        <source>differs from what is known last</source>
        <translation>与最后已知状态不同</translation>
    </message>
</context>
<context>
    <name>PlanPositions</name>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>交易对</translation>
    </message>
    <message>
        <source>Known</source>
        <translation>已知</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Exchange less known; long above zero, short below</source>
        <translation>交易所减去已知；多头为正，空头为负</translation>
    </message>
    <message>
        <source>Filled since</source>
        <translation>其后成交</translation>
    </message>
    <message>
        <source>Stops</source>
        <translation>止损</translation>
    </message>
    <message>
        <source>Entry price</source>
        <translation>开仓均价</translation>
    </message>
    <message>
        <source>Contract size</source>
        <translation>合约面值</translation>
    </message>
    <message>
        <source>What one contract stands for; shown, never applied</source>
        <translation>一张合约代表的量；仅供显示，不参与计算</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>未提供</translation>
    </message>
</context>
<context>
    <name>PlanTables</name>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>What was asked for</source>
        <translation>读取的内容</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>记录数</translation>
    </message>
    <message>
        <source>Read at</source>
        <translation>读取时间</translation>
    </message>
    <message>
        <source>What is missing, and why</source>
        <translation>缺失的内容及原因</translation>
    </message>
    <message>
        <source>Known</source>
        <translation>已知</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交易所</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Fate</source>
        <translation>结局</translation>
    </message>
    <message>
        <source>Order as it was known</source>
        <translation>已知的订单</translation>
    </message>
    <message>
        <source>In the recovered state</source>
        <translation>在恢复后的状态中</translation>
    </message>
    <message>
        <source>What proves it</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>not told</source>
        <translation>未提供</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>removed from the state, the exchange denies it</source>
        <translation>从状态中移除：交易所否认有此订单</translation>
    </message>
    <message>
        <source>removed from the state, it is over</source>
        <translation>从状态中移除，订单已结束</translation>
    </message>
    <message>
        <source>stays, brought up to date</source>
        <translation>保留并更新</translation>
    </message>
    <message>
        <source>stays as it was known</source>
        <translation>保持已知的样子</translation>
    </message>
    <message>
        <source>Equity</source>
        <translation>权益</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Available</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Margin used</source>
        <translation>已用保证金</translation>
    </message>
    <message>
        <source>Unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
</context>
<context>
    <name>PlanWords</name>
    <message>
        <source>buy</source>
        <translation>买入</translation>
    </message>
    <message>
        <source>sell</source>
        <translation>卖出</translation>
    </message>
    <message>
        <source>long</source>
        <translation>多</translation>
    </message>
    <message>
        <source>short</source>
        <translation>空</translation>
    </message>
    <message>
        <source>market</source>
        <translation>市价</translation>
    </message>
    <message>
        <source>limit</source>
        <translation>限价</translation>
    </message>
    <message>
        <source>stop</source>
        <translation>止损</translation>
    </message>
    <message>
        <source>stop limit</source>
        <translation>止损限价</translation>
    </message>
    <message>
        <source>take profit</source>
        <translation>止盈</translation>
    </message>
    <message>
        <source>take profit limit</source>
        <translation>止盈限价</translation>
    </message>
    <message>
        <source>trailing stop</source>
        <translation>跟踪止损</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>pending</source>
        <translation>待确认</translation>
    </message>
    <message>
        <source>open</source>
        <translation>挂单中</translation>
    </message>
    <message>
        <source>partially filled</source>
        <translation>部分成交</translation>
    </message>
    <message>
        <source>filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已撤单</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>trig. {0} → {1}</source>
        <translation>触发 {0} → {1}</translation>
    </message>
    <message>
        <source>trig. {0}</source>
        <translation>触发 {0}</translation>
    </message>
    <message>
        <source>stops cover all of it</source>
        <translation>止损单覆盖全部持仓</translation>
    </message>
    <message>
        <source>no stop on the exchange</source>
        <translation>交易所上没有止损单</translation>
    </message>
    <message>
        <source>stops cover {0} of {1}</source>
        <translation>止损单只覆盖 {1} 中的 {0}</translation>
    </message>
    <message>
        <source>whether a stop protects it is not known</source>
        <translation>是否有止损单保护尚不可知</translation>
    </message>
    <message>
        <source>Its client order id starts with {0}, which belongs to another program: if the bot adopts it, two programs manage one order.</source>
        <translation>它的客户端订单编号以 {0} 开头，属于另一个程序：如果机器人接管它，将有两个程序管理同一个订单。</translation>
    </message>
    <message>
        <source>This looks like the order of another program or a person (client order id {0}): make sure that nobody else manages it before the bot adopts it.</source>
        <translation>这看起来是其他程序或某个人的订单（客户端订单编号 {0}）：在机器人接管之前，请确认没有别人在管理它。</translation>
    </message>
    <message>
        <source>{0} {1} {2} at {3}</source>
        <translation>{0} {1} {2}，价格 {3}</translation>
    </message>
    <message>
        <source>{0} {1} of {2} at {3}</source>
        <translation>{0} {2} {1}，价格 {3}</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n 项变更</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} without a checkpoint</source>
        <translation>{0}，无检查点</translation>
    </message>
    <message>
        <source>an empty state</source>
        <translation>空状态</translation>
    </message>
    <message>
        <source>checkpoint {0}</source>
        <translation>检查点 {0}</translation>
    </message>
    <message>
        <source>the last known state ({0})</source>
        <translation>最后已知状态（{0}）</translation>
    </message>
    <message>
        <source>1 order</source>
        <translation>1 个订单</translation>
    </message>
    <message>
        <source>{0} orders</source>
        <translation>{0} 个订单</translation>
    </message>
    <message>
        <source>matched</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>changed since</source>
        <translation>其后有变化</translation>
    </message>
    <message>
        <source>filled since</source>
        <translation>其后已成交</translation>
    </message>
    <message>
        <source>closed since</source>
        <translation>其后已关闭</translation>
    </message>
    <message>
        <source>gone, fate unproven</source>
        <translation>已消失，结局未证实</translation>
    </message>
    <message>
        <source>ours, unknown to the bot</source>
        <translation>本机器人的，但不为其所知</translation>
    </message>
    <message>
        <source>not ours</source>
        <translation>非本机器人</translation>
    </message>
    <message>
        <source>cannot tell whose</source>
        <translation>归属不明</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>an unstated price</source>
        <translation>未说明的价格</translation>
    </message>
    <message>
        <source>stops cover at least {0} of {1} (there may be more)</source>
        <translation>止损单至少覆盖 {1} 中的 {0}（可能还有更多）</translation>
    </message>
    <message>
        <source>no stop on the exchange, though the last known state or the journal has one</source>
        <translation>交易所上没有止损单，而最后已知状态或流水日志中有</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>至少 {0}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>▲ long {0}</source>
        <translation>▲ 多 {0}</translation>
    </message>
    <message>
        <source>▼ short {0}</source>
        <translation>▼ 空 {0}</translation>
    </message>
    <message>
        <source>entry price differs</source>
        <translation>开仓均价不一致</translation>
    </message>
    <message>
        <source>quantity differs</source>
        <translation>数量不一致</translation>
    </message>
    <message>
        <source>side flipped</source>
        <translation>方向反转</translation>
    </message>
    <message>
        <source>opened since</source>
        <translation>其后新开</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>撤单</translation>
    </message>
    <message>
        <source>adopt</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>leave</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>already closed</source>
        <translation>先前已关闭</translation>
    </message>
    <message>
        <source>already filled</source>
        <translation>先前已成交</translation>
    </message>
    <message>
        <source>changed, not touched</source>
        <translation>已变化，未处理</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>unknown, check again</source>
        <translation>未知，请再查</translation>
    </message>
    <message>
        <source>adopted</source>
        <translation>已接管</translation>
    </message>
    <message>
        <source>left</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>still open</source>
        <translation>仍是挂单</translation>
    </message>
    <message>
        <source>read</source>
        <translation>已读取</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>不支持</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cut off</source>
        <translation>被截断</translation>
    </message>
    <message>
        <source>Last known state</source>
        <translation>最后已知状态</translation>
    </message>
    <message>
        <source>The journal says</source>
        <translation>流水日志记载</translation>
    </message>
    <message>
        <source>The exchange says</source>
        <translation>交易所显示</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
</context>
<context>
    <name>PositionsPage</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Show the default curves</source>
        <translation>显示默认曲线</translation>
    </message>
    <message>
        <source>Check the curves that you want to see in the list at the right.</source>
        <translation>请在右侧列表中勾选您想查看的曲线。</translation>
    </message>
    <message>
        <source>No curve is shown</source>
        <translation>没有显示任何曲线</translation>
    </message>
    <message>
        <source>Reading the history…</source>
        <translation>正在读取历史…</translation>
    </message>
    <message>
        <source>Preparing the charts</source>
        <translation>正在准备图表</translation>
    </message>
    <message>
        <source>Open a store to see its positions over time.</source>
        <translation>打开存储库以查看其持仓随时间的变化。</translation>
    </message>
    <message>
        <source>No store is open</source>
        <translation>没有打开的存储库</translation>
    </message>
    <message>
        <source>Positions, equity and PnL are drawn from the checkpoints. The first one will appear here by itself.</source>
        <translation>持仓、权益和盈亏取自检查点。第一个检查点会自动显示在这里。</translation>
    </message>
    <message>
        <source>There is nothing to draw yet</source>
        <translation>还没有可绘制的内容</translation>
    </message>
</context>
<context>
    <name>PositionsPanel</name>
    <message>
        <source>Positions</source>
        <translation>持仓</translation>
    </message>
    <message>
        <source>Charts</source>
        <translation>图表</translation>
    </message>
    <message>
        <source>known → exchange</source>
        <translation>已知 → 交易所</translation>
    </message>
    <message>
        <source>None, on both sides</source>
        <translation>双方均无</translation>
    </message>
    <message>
        <source>None known; what the exchange has could not be read</source>
        <translation>已知无；交易所上的持仓未能读取</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>not read</source>
        <translation>未读取</translation>
    </message>
    <message>
        <source>entry price {0} → {1}</source>
        <translation>开仓均价 {0} → {1}</translation>
    </message>
</context>
<context>
    <name>PositionsSaving</name>
    <message>
        <source>Picture as PNG…</source>
        <translation>图片另存为 PNG…</translation>
    </message>
    <message>
        <source>Picture as SVG…</source>
        <translation>图片另存为 SVG…</translation>
    </message>
    <message>
        <source>Values of this range as CSV…</source>
        <translation>此区间的数值另存为 CSV…</translation>
    </message>
    <message>
        <source>Values of this range as JSON…</source>
        <translation>此区间的数值另存为 JSON…</translation>
    </message>
    <message>
        <source>No curve is shown, so there is nothing to save.</source>
        <translation>没有显示任何曲线，因此没有可保存的内容。</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
</context>
<context>
    <name>RangeBar</name>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>6 h</source>
        <translation>6 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Show {0}</source>
        <translation>显示 {0}</translation>
    </message>
</context>
<context>
    <name>RecordTableView</name>
    <message>
        <source>Unsorted</source>
        <translation>不排序</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>重置列</translation>
    </message>
</context>
<context>
    <name>RecoveryBanners</name>
    <message>
        <source>Nothing was cancelled and nothing was saved.</source>
        <translation>没有撤单，也没有保存任何内容。</translation>
    </message>
    <message>
        <source>What the bot knew may be incomplete, so nothing is proposed; decide on each of its orders: {0}.</source>
        <translation>机器人所知可能不完整，因此没有任何建议；请对它的每个订单作出决定：{0}。</translation>
    </message>
    <message>
        <source>This may be another account: it has never heard of any order that the store knows, and holds none of its positions. Look at the keys before you decide on anything; nothing is proposed.</source>
        <translation>这可能是另一个账户：它对存储库已知的任何订单都没有记录，也不持有其中的任何持仓。在做任何决定之前请先检查密钥；目前没有任何提议。</translation>
    </message>
    <message>
        <source>This may be another account: every position that the store knows is gone, and nothing proves that this account closed it. Look at the keys first; if it was closed by hand, go on and confirm it. Nothing is proposed.</source>
        <translation>这可能是另一个账户：存储库所知的持仓已全部不在，且没有任何证据表明是此账户平掉的。请先核对密钥；如果是手动平仓，请继续并确认。未提出任何建议。</translation>
    </message>
    <message>
        <source>The store is held by {0}. You can inspect and decide; execute once it has stopped.</source>
        <translation>存储库被 {0} 占用。您可以查看并决定；待其停止后再执行。</translation>
    </message>
    <message>
        <source>A recovery that {0} began {1} was not finished. Decisions carried out: {2} of {3}.</source>
        <translation>{0} 于{1}开始的恢复尚未完成。已执行的决定：{2} / {3}。</translation>
    </message>
    <message>
        <source>Connect the exchange to resume it.</source>
        <translation>连接交易所以继续。</translation>
    </message>
    <message>
        <source>It cancels orders, and this account&apos;s key can only read.</source>
        <translation>它会撤单，而此账户的密钥只能读取。</translation>
    </message>
    <message>
        <source>Resume the recovery</source>
        <translation>继续恢复</translation>
    </message>
    <message numerus="yes">
        <source>The result of %n of them is unknown.</source>
        <translation>
            <numerusform>其中 %n 个结果未知。</numerusform>
        </translation>
    </message>
    <message>
        <source>Decided: {0} to cancel, {1} to adopt, {2} to leave.</source>
        <translation>当时的决定：撤单 {0} 个，接管 {1} 个，保留 {2} 个。</translation>
    </message>
</context>
<context>
    <name>RecoveryFooter</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Stop after this order</source>
        <translation>在此订单之后停止</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>重新对比</translation>
    </message>
    <message>
        <source>Cancel {0} and recover</source>
        <translation>撤掉 {0}并恢复</translation>
    </message>
    <message>
        <source>Compare with the exchange</source>
        <translation>与交易所对比</translation>
    </message>
    <message>
        <source>Each decision and what came of it is in the audit log too.</source>
        <translation>每项决定及其结果也已记入审计日志。</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Start the bot again</source>
        <translation>重新启动机器人</translation>
    </message>
    <message>
        <source>Connect an exchange…</source>
        <translation>连接交易所…</translation>
    </message>
    <message>
        <source>Resume the recovery</source>
        <translation>继续恢复</translation>
    </message>
    <message>
        <source>Orders that still need your decision: {0}. Compare again and decide before the bot starts.</source>
        <translation>仍需您决定的订单：{0}。请在机器人启动前重新对比并作出决定。</translation>
    </message>
    <message>
        <source>The bot starts, restores checkpoint {0} and trades on from there.</source>
        <translation>机器人启动，还原检查点 {0}，并由此继续交易。</translation>
    </message>
    <message>
        <source>What was done stays done. Resuming first reads what became of the rest, and sends nothing twice.</source>
        <translation>已做的保持完成。继续恢复会先读取其余部分的结果，且不会重复发送。</translation>
    </message>
    <message>
        <source>Each outcome is entered in the audit log as it happens.</source>
        <translation>每个结果都会在发生时记入审计日志。</translation>
    </message>
    <message>
        <source>Nothing has been written yet. This button asks once more.</source>
        <translation>尚未写入任何内容。按下此按钮后还会再问一次。</translation>
    </message>
    <message>
        <source>Nothing has been written yet. This button does it.</source>
        <translation>尚未写入任何内容。此按钮将执行写入。</translation>
    </message>
    <message>
        <source>Nothing is written, in the store or on the exchange, before you confirm the last step.</source>
        <translation>在您确认最后一步之前，存储库和交易所都不会被写入。</translation>
    </message>
</context>
<context>
    <name>RecoveryGate</name>
    <message>
        <source>There is nothing to execute: compare with the exchange first.</source>
        <translation>没有可执行的内容：请先与交易所对比。</translation>
    </message>
    <message>
        <source>This plan was executed. Compare again to see what is left.</source>
        <translation>此方案已执行。请重新对比以查看剩余内容。</translation>
    </message>
    <message>
        <source>This comparison is out of date: the checkpoint that it rests on is damaged now: {0}.</source>
        <translation>此次比对已过时：其所依据的检查点现已损坏：{0}。</translation>
    </message>
    <message>
        <source>This comparison is out of date: the store was recovered since, by checkpoint {0} of {1}.</source>
        <translation>此次比对已过时：此后存储库已被恢复，检查点 {0}，时间 {1}。</translation>
    </message>
    <message>
        <source>This comparison is out of date: the bot has run since, and the last known state is of {0}.</source>
        <translation>此次比对已过时：此后机器人又运行过，最后已知状态的时间为 {0}。</translation>
    </message>
    <message>
        <source>This report is of the past: the store went on after it. Compare again to see what is true now.</source>
        <translation>此报告已过时：此后存储库又有新的记录。请重新对比，查看当前的真实情况。</translation>
    </message>
    <message>
        <source>The bot runs: the store is held by {0}. Orders can be decided on once it has stopped.</source>
        <translation>机器人正在运行：存储库由 {0} 占用。待其停止后才能对订单作出决定。</translation>
    </message>
    <message>
        <source>An operator is at work: the store is held by {0}. Orders can be decided on after that.</source>
        <translation>有操作员正在处理：存储库由 {0} 占用。待其结束后才能对订单作出决定。</translation>
    </message>
    <message>
        <source>The journal was written by a newer version of Crashdesk, so nothing could be recorded. Recover with that version.</source>
        <translation>流水日志由较新版本的 Crashdesk 写入，因此无法记录任何内容。请使用该版本进行恢复。</translation>
    </message>
    <message>
        <source>No exchange is connected.</source>
        <translation>未连接交易所。</translation>
    </message>
    <message>
        <source>The store is held by {0}. Stop it first; then this can be executed.</source>
        <translation>存储库被 {0} 占用。请先停止它，然后才能执行。</translation>
    </message>
    <message>
        <source>The account&apos;s key can only read, so no order can be cancelled with it. Decide to adopt or leave the orders that are to be cancelled, or connect with a key that may trade.</source>
        <translation>此账户的密钥只能读取，无法用于撤单。请将要撤单的订单改为接管或保留，或用可交易的密钥连接。</translation>
    </message>
    <message>
        <source>Another job is running; wait until it has ended.</source>
        <translation>另一项任务正在运行；请等待其结束。</translation>
    </message>
    <message>
        <source>The store cannot be read now, so nothing could be recorded or saved.</source>
        <translation>现在无法读取存储库，因此无法记录或保存任何内容。</translation>
    </message>
    <message>
        <source>another process that left no note</source>
        <translation>另一个未留说明的进程</translation>
    </message>
    <message>
        <source>{0} (process {1} on {2}, since {3})</source>
        <translation>{0}（{2} 上的进程 {1}，自 {3} 起）</translation>
    </message>
</context>
<context>
    <name>RecoveryPage</name>
    <message>
        <source>Checkpoint</source>
        <translation>检查点</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Execute</source>
        <translation>执行</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Reading the store</source>
        <translation>正在读取存储库</translation>
    </message>
</context>
<context>
    <name>ReportStep</name>
    <message>
        <source>Outcomes</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>No order was touched.</source>
        <translation>未处理任何订单。</translation>
    </message>
    <message>
        <source>{0} Stopped before the end; nothing was saved</source>
        <translation>{0} 提前停止；未保存任何内容</translation>
    </message>
    <message>
        <source>What came of it</source>
        <translation>恢复结果</translation>
    </message>
    <message>
        <source>What was done is listed below and in the audit log. Resume it, or compare again and decide anew.</source>
        <translation>已做的内容列在下方和审计日志中。请继续恢复，或重新对比后再作决定。</translation>
    </message>
    <message>
        <source>{0} Not finished; nothing was saved</source>
        <translation>{0} 未完成；未保存任何内容</translation>
    </message>
    <message>
        <source>The store is in use again: {0}. Recovered by {1} at {2}, in {3}.</source>
        <translation>存储库已重新投入使用：{0}。由 {1} 于 {2} 恢复，用时 {3}。</translation>
    </message>
    <message numerus="yes">
        <source>The bot&apos;s own start cancels %n of its orders without a decision, unless its configuration says otherwise.</source>
        <translation>
            <numerusform>机器人自行启动时会对自己未作决定的订单中的 %n 个撤单，除非其配置另有规定。</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved checkpoint</source>
        <translation>保存的检查点</translation>
    </message>
    <message>
        <source>nothing was saved</source>
        <translation>未保存任何内容</translation>
    </message>
    <message numerus="yes">
        <source>%n open order(s)</source>
        <translation>
            <numerusform>%n 个挂单</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n position(s)</source>
        <translation>
            <numerusform>%n 个持仓</numerusform>
        </translation>
    </message>
    <message>
        <source>It holds</source>
        <translation>其中包含</translation>
    </message>
    <message>
        <source>Orphan orders left on the exchange</source>
        <translation>留在交易所的孤立订单</translation>
    </message>
    <message>
        <source>{0} of {1} decisions could not be carried out: these orders changed, were refused, or are still open. Compare again to decide on them as they are now.</source>
        <translation>{1} 个决定中有 {0} 个未能执行：这些订单已改变、被拒绝或仍是挂单。请重新对比，按它们现在的样子再作决定。</translation>
    </message>
    <message>
        <source>The result of {0} of {1} decisions is unknown. Compare again to see what is open now.</source>
        <translation>{1} 个决定中有 {0} 个结果未知。请重新对比，查看现在还有哪些挂单。</translation>
    </message>
    <message numerus="yes">
        <source>What became of %n order(s) is unknown.</source>
        <translation>
            <numerusform>%n 个订单的结果未知。</numerusform>
        </translation>
    </message>
    <message>
        <source>The bot&apos;s next start restores checkpoint {0}. Done by {1} at {2}, in {3}.</source>
        <translation>机器人下次启动会还原检查点 {0}。由 {1} 于 {2} 完成，用时 {3}。</translation>
    </message>
    <message>
        <source>Positions and their stops</source>
        <translation>持仓及其止损</translation>
    </message>
    <message>
        <source>Positions and their stops, as they were read before</source>
        <translation>持仓及其止损（为先前读取时的情况）</translation>
    </message>
    <message>
        <source>Damaged checkpoints</source>
        <translation>损坏的检查点</translation>
    </message>
    <message>
        <source>In the audit log</source>
        <translation>在审计日志中</translation>
    </message>
    <message>
        <source>plan {0}</source>
        <translation>方案 {0}</translation>
    </message>
    <message>
        <source>unknown: it was stopped before the exchange was read again</source>
        <translation>未知：在重新读取交易所之前已停止</translation>
    </message>
    <message>
        <source>{0} ours</source>
        <translation>{0} 个属于本机器人</translation>
    </message>
    <message>
        <source>{0} protecting a position</source>
        <translation>{0} 个保护持仓</translation>
    </message>
    <message>
        <source>{0} not ours</source>
        <translation>{0} 个非本机器人</translation>
    </message>
    <message>
        <source>{0} nobody can tell</source>
        <translation>{0} 个归属不明</translation>
    </message>
    <message>
        <source>{0}, by a complete read</source>
        <translation>{0}，依据完整读取</translation>
    </message>
    <message>
        <source>{0} in what could be read ({1} of {2} scopes)</source>
        <translation>{0}，依据可读取的内容（{1} / {2} 个范围）</translation>
    </message>
    <message>
        <source>{0} cancelled</source>
        <translation>撤单 {0}</translation>
    </message>
    <message>
        <source>{0} closed before</source>
        <translation>先前已关闭 {0}</translation>
    </message>
    <message>
        <source>{0} adopted</source>
        <translation>接管 {0}</translation>
    </message>
    <message>
        <source>{0} left</source>
        <translation>保留 {0}</translation>
    </message>
    <message>
        <source>{0} not done</source>
        <translation>未完成 {0}</translation>
    </message>
    <message>
        <source>{0} unknown</source>
        <translation>{0} 个结果未知</translation>
    </message>
    <message>
        <source>Export Markdown…</source>
        <translation>导出 Markdown…</translation>
    </message>
    <message>
        <source>Export HTML…</source>
        <translation>导出 HTML…</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Copying the report</source>
        <translation>正在复制报告</translation>
    </message>
    <message>
        <source>The report is on the clipboard.</source>
        <translation>报告已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Written to {0}</source>
        <translation>已写入 {0}</translation>
    </message>
</context>
<context>
    <name>Restarting</name>
    <message>
        <source>Starting the bot</source>
        <translation>正在启动机器人</translation>
    </message>
</context>
<context>
    <name>Scopes</name>
    <message>
        <source>Scopes: the parts of the account that were asked for: orders, conditional orders, positions, money.</source>
        <translation>范围：向交易所询问的账户各部分：订单、条件单、持仓、资金。</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>{0} More of this kind is in the application log.</source>
        <translation>{0} 更多同类问题见应用日志。</translation>
    </message>
    <message>
        <source>The settings file {0} is damaged; what cannot be read of it is ignored.</source>
        <translation>设置文件 {0} 已损坏；无法读取的部分已忽略。</translation>
    </message>
    <message>
        <source>The settings file {0} cannot be read or written; what you choose now is not remembered.</source>
        <translation>无法读写设置文件 {0}；您现在的选择不会被记住。</translation>
    </message>
    <message>
        <source>The setting {0} was unreadable and is ignored; the desk uses its default.</source>
        <translation>设置 {0} 无法读取，已忽略；操作台使用默认值。</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>From an orphan order to its decisions</source>
        <translation>从孤立订单到它的决定按钮</translation>
    </message>
    <message>
        <source>Check or uncheck the selected rows</source>
        <translation>勾选或取消勾选所选行</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>复制所选行</translation>
    </message>
    <message>
        <source>Select all rows</source>
        <translation>选择所有行</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Selected orphan orders: decide to cancel</source>
        <translation>所选孤立订单：决定撤单</translation>
    </message>
    <message>
        <source>Selected orphan orders: decide to adopt</source>
        <translation>所选孤立订单：决定接管</translation>
    </message>
    <message>
        <source>Selected orphan orders: decide to leave</source>
        <translation>所选孤立订单：决定保留</translation>
    </message>
    <message>
        <source>Selected orphan orders: take the decision back</source>
        <translation>所选孤立订单：收回决定</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Stores</source>
        <translation>存储库</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Open a store</source>
        <translation>打开存储库</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>Stores that need attention: {0} of {1}. Press to go to the next one.</source>
        <translation>需要注意的存储库：{1} 个中有 {0} 个。按下可转到下一个。</translation>
    </message>
</context>
<context>
    <name>Speaking</name>
    <message>
        <source>A dialog is open. Close it first, then choose the language again.</source>
        <translation>有对话框尚未关闭。请先关闭它，再重新选择语言。</translation>
    </message>
</context>
<context>
    <name>StateTables</name>
    <message>
        <source>Symbol</source>
        <translation>交易对</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Entry price</source>
        <translation>开仓均价</translation>
    </message>
    <message>
        <source>Unrealized PnL</source>
        <translation>未实现盈亏</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>开仓时间</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Filled</source>
        <translation>已成交</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Data (hexadecimal)</source>
        <translation>数据（十六进制）</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>方向</translation>
    </message>
</context>
<context>
    <name>StatefulPage</name>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Progress of the running job</source>
        <translation>运行中任务的进度</translation>
    </message>
    <message>
        <source>Cancel the running job</source>
        <translation>取消运行中的任务</translation>
    </message>
    <message>
        <source>What was placed seconds before the exchange was read may not be in the bot&apos;s own records yet, so nobody can tell whether it is an orphan order. F5 reads again.</source>
        <translation>在读取交易所前几秒才下的订单，机器人自己的记录里可能还没有，因此无法判断它是不是孤立订单。按 F5 重新读取。</translation>
    </message>
    <message>
        <source>local time</source>
        <translation>本地时间</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>Times are shown in {0}. Click to show {1}.</source>
        <translation>时间以 {0} 显示。点击切换为{1}。</translation>
    </message>
    <message>
        <source>Time zone: {0}</source>
        <translation>时区：{0}</translation>
    </message>
    <message>
        <source>No exchange connected</source>
        <translation>未连接交易所</translation>
    </message>
    <message>
        <source>LIVE</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
    <message>
        <source>key can only read</source>
        <translation>密钥只读</translation>
    </message>
    <message>
        <source>not read yet</source>
        <translation>尚未读取</translation>
    </message>
    <message>
        <source>read {0}</source>
        <translation>{0}读取</translation>
    </message>
    <message>
        <source>{0} of {1} scopes</source>
        <translation>{0} / {1} 个范围</translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) too new to judge: reading again will settle it</source>
        <translation>
            <numerusform>%n 个订单过新，暂不能判定：重新读取后即可判定</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n order(s) too new to judge: the desk reads again in {0} s</source>
        <translation>
            <numerusform>%n 个订单过新，暂不能判定：{0} 秒后自动重新读取</numerusform>
        </translation>
    </message>
    <message>
        <source>not everything was read</source>
        <translation>未全部读取</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <source>Steps</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Step {0} of {1}: {2}. Done: {3}.</source>
        <translation>第 {0} 步，共 {1} 步：{2}。已完成：{3}。</translation>
    </message>
    <message>
        <source>Step {0} of {1}: {2}.</source>
        <translation>第 {0} 步，共 {1} 步：{2}。</translation>
    </message>
</context>
<context>
    <name>StopLines</name>
    <message>
        <source>{0} {1}: {2}.</source>
        <translation>{0} {1}：{2}。</translation>
    </message>
    <message>
        <source>{0}, by an order that is not the bot&apos;s</source>
        <translation>{0}（由并非机器人的订单覆盖）</translation>
    </message>
    <message>
        <source>{0}, by an order that may not be the bot&apos;s</source>
        <translation>{0}（由可能并非机器人的订单覆盖）</translation>
    </message>
    <message>
        <source>{0}, a part of it by an order that may not be the bot&apos;s</source>
        <translation>{0}（其中一部分由可能并非机器人的订单覆盖）</translation>
    </message>
    <message>
        <source>{0}; it was covered by stops {1}, which this recovery cancelled</source>
        <translation>{0}；此前由止损单 {1} 覆盖，本次恢复已将它们撤单</translation>
    </message>
    <message>
        <source>{0}; a part of it was covered by stops {1}, which this recovery cancelled</source>
        <translation>{0}；此前其中一部分由止损单 {1} 覆盖，本次恢复已将它们撤单</translation>
    </message>
    <message>
        <source>{0}; it was covered by stop {1}, which this recovery cancelled</source>
        <translation>{0}；此前由止损单 {1} 覆盖，本次恢复已将其撤单</translation>
    </message>
    <message>
        <source>{0}; a part of it was covered by stop {1}, which this recovery cancelled</source>
        <translation>{0}；此前其中一部分由止损单 {1} 覆盖，本次恢复已将其撤单</translation>
    </message>
    <message>
        <source>No stop protects {0}, though the bot had one there.</source>
        <translation>没有止损保护 {0}，而机器人在那里曾有止损。</translation>
    </message>
    <message>
        <source>Stops cover only {0}.</source>
        <translation>止损只覆盖了 {0}。</translation>
    </message>
    <message>
        <source>Whether stops protect {0} is not known.</source>
        <translation>是否有止损保护 {0} 未知。</translation>
    </message>
    <message>
        <source>No stop protects {0}.</source>
        <translation>没有止损保护 {0}。</translation>
    </message>
    <message>
        <source>{0} of {1} {2}</source>
        <translation>{2} 的 {1} 中的 {0}</translation>
    </message>
    <message>
        <source>{0} of {1} of {2}</source>
        <translation>{2} 的 {1} 中的 {0}</translation>
    </message>
    <message numerus="yes">
        <source>{0} and %n more</source>
        <translation>
            <numerusform>{0} 以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0} 和 {1}</translation>
    </message>
    <message numerus="yes">
        <source>and %n more position(s); the table of positions names them</source>
        <translation>
            <numerusform>以及另外 %n 个持仓；持仓表中逐一列出</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StopNotes</name>
    <message>
        <source>The positions on the exchange and their stops:</source>
        <translation>交易所上的持仓及其止损：</translation>
    </message>
</context>
<context>
    <name>StopsAfterWords</name>
    <message>
        <source>After this, {0} {1} has fewer stops; how much the others cover is not known.</source>
        <translation>执行之后，{0} {1} 的止损单会减少；其余止损单能覆盖多少未知。</translation>
    </message>
    <message>
        <source>After this: no stop. {0} {1} stands unprotected.</source>
        <translation>执行之后：没有止损单。{0} {1} 将失去保护。</translation>
    </message>
    <message>
        <source>After this: stops cover at most {0} of {1} {2}.</source>
        <translation>执行之后：{1} {2} 最多只有 {0} 由止损单覆盖。</translation>
    </message>
</context>
<context>
    <name>StoreSession</name>
    <message>
        <source>Reading the store</source>
        <translation>正在读取存储库</translation>
    </message>
    <message>
        <source>Comparing with the exchange</source>
        <translation>正在与交易所对比</translation>
    </message>
    <message>
        <source>Recovering</source>
        <translation>正在恢复</translation>
    </message>
    <message>
        <source>Resuming the recovery</source>
        <translation>正在继续恢复</translation>
    </message>
</context>
<context>
    <name>TableExports</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>导出：{0}</translation>
    </message>
    <message>
        <source>Shown rows as {0}…</source>
        <translation>显示的行另存为 {0}…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为 {0}</translation>
    </message>
</context>
<context>
    <name>TimelineStrip</name>
    <message>
        <source>Timeline of the checkpoints</source>
        <translation>检查点时间线</translation>
    </message>
    <message>
        <source>No checkpoints.</source>
        <translation>没有检查点。</translation>
    </message>
    <message>
        <source>{0} checkpoints from {1} to {2}. Gaps without checkpoints: {3}. Marks of what people did: {4}. The arrow keys choose a checkpoint.</source>
        <translation>{0} 个检查点，从 {1} 到 {2}。没有检查点的间隔：{3}。人工操作标记：{4}。用方向键选择检查点。</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>现在 {0}</translation>
    </message>
    <message>
        <source>No checkpoint for {0}, from {1} on</source>
        <translation>自 {1} 起 {0} 没有检查点</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Open Crashdesk</source>
        <translation>打开 Crashdesk</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>UnreadWords</name>
    <message>
        <source>Open orders could not all be read: there may be more orphan orders.</source>
        <translation>挂单未能全部读取：可能还有其他孤立订单。</translation>
    </message>
    <message>
        <source>The account&apos;s money could not be read. If the read at the end fails too, it is saved as last known.</source>
        <translation>账户资金未能读取。若最后一次读取也失败，则按最后已知的数额保存。</translation>
    </message>
    <message>
        <source>Positions could not all be read. If the read at the end fails too, the saved state may lack some.</source>
        <translation>持仓未能全部读取。若最后一次读取也失败，保存的状态可能缺少一部分。</translation>
    </message>
    <message numerus="yes">
        <source>Positions could not be read. If the read at the end fails too, saved as last known, and not as they are: %n position(s).</source>
        <translation>
            <numerusform>持仓未能读取。若最后一次读取也失败，则按最后已知、而非当前实际保存：%n 个持仓。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerdictWords</name>
    <message>
        <source>{0} Recovered: checkpoint {1} holds what is true on the exchange</source>
        <translation>{0} 已恢复：检查点 {1} 与交易所的实际情况一致</translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; the result of %n decision(s) is unknown</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；%n 个决定的结果未知</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}, but not every order could be handled</source>
        <translation>{0} 已恢复到检查点 {1}，但并非每个订单都已处理</translation>
    </message>
    <message>
        <source>Not every order could be handled.</source>
        <translation>并非每个订单都得到处理。</translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}; whether stops cover every position is not known</source>
        <translation>{0} 已恢复到检查点 {1}；止损单是否覆盖全部持仓未知</translation>
    </message>
    <message>
        <source>Whether stops cover every position is not known.</source>
        <translation>止损单是否覆盖全部持仓未知。</translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}, but stops do not cover every position</source>
        <translation>{0} 已恢复到检查点 {1}，但止损单未覆盖全部持仓</translation>
    </message>
    <message>
        <source>Place the missing stops on the exchange, unless the bot places its own.</source>
        <translation>请在交易所补上缺少的止损，除非机器人会自行设置止损。</translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n of the bot&apos;s own orders left on the exchange for now, unknown to it</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；机器人自己的 %n 个订单暂时留在交易所，它并不知道</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of the bot&apos;s own orders left on the exchange for now, unknown to it.</source>
        <translation>
            <numerusform>机器人自己的 %n 个订单暂时留在交易所，它并不知道。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n orphan order(s) open that nobody settled</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；仍有 %n 个无人处理的孤立订单挂单</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n orphan order(s) open that nobody settled.</source>
        <translation>
            <numerusform>仍有 %n 个无人处理的孤立订单挂单。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}, as far as the exchange could be read</source>
        <translation>{0} 已在交易所可读取的范围内恢复到检查点 {1}</translation>
    </message>
    <message>
        <source>Not everything could be read: a part of the saved state is as it was known.</source>
        <translation>并非全部都能读取：已保存状态的一部分仍为此前所知。</translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n position(s) saved without an entry price</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；%n 个持仓保存时没有开仓价</numerusform>
        </translation>
    </message>
    <message>
        <source>The exchange does not tell the entry price of {0}: 0 is saved, so give the bot the right one.</source>
        <translation>交易所没有提供 {0} 的开仓价：已保存为 0，请为机器人提供正确的开仓价。</translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}; the audit log could not be completed</source>
        <translation>{0} 已恢复到检查点 {1}；审计日志未能写完整</translation>
    </message>
    <message>
        <source>{0} Recovered to checkpoint {1}; something that the bot did may be missing from it</source>
        <translation>{0} 已恢复到检查点 {1}；其中可能缺少机器人做过的某些操作</translation>
    </message>
    <message>
        <source>Something that the bot did may be missing from it.</source>
        <translation>其中可能缺少机器人做过的某些操作。</translation>
    </message>
    <message>
        <source>The audit log could not be completed: make room on its disk, then resume the recovery.</source>
        <translation>审计日志未能写完整：请清理其磁盘空间，然后继续恢复。</translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n adopted order(s) not provably the bot&apos;s</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；接管的 %n 个订单无法证明属于机器人</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n adopted order(s) not provably the bot&apos;s.</source>
        <translation>
            <numerusform>接管的 %n 个订单无法证明属于机器人。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} Recovered to checkpoint {1}; %n decided order(s) had filled before</source>
        <translation>
            <numerusform>{0} 已恢复到检查点 {1}；%n 个已决定的订单此前已成交</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n decided order(s) had filled before.</source>
        <translation>
            <numerusform>%n 个已决定的订单此前已成交。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Notify me</source>
        <translation>通知我</translation>
    </message>
    <message>
        <source>Tell me when a bot stops, orders need a decision or a recovery ends while I look elsewhere</source>
        <translation>当机器人停止、订单需要决定或恢复结束而我不在看时通知我</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>_ActionTexts</name>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>订单</translation>
    </message>
    <message>
        <source>Order id</source>
        <translation>订单编号</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>请注意</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>not ours</source>
        <translation>非本机器人</translation>
    </message>
    <message>
        <source>cannot tell whose</source>
        <translation>归属不明</translation>
    </message>
    <message>
        <source>not begun</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>… working</source>
        <translation>… 处理中</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>已完成</translation>
    </message>
</context>
<context>
    <name>_OrphanTexts</name>
    <message>
        <source>Ours, unknown to the bot</source>
        <translation>本机器人的，但不为其所知</translation>
    </message>
    <message>
        <source>proposed for cancelling: the bot would trade beside what it does not know</source>
        <translation>建议撤单：否则机器人会在不知情的订单旁交易</translation>
    </message>
    <message>
        <source>untouched</source>
        <translation>不予处理</translation>
    </message>
    <message>
        <source>not proposed while somebody else is at work on the store</source>
        <translation>有人正在使用此存储库，因此不建议撤单</translation>
    </message>
    <message>
        <source>not proposed: this account&apos;s key can only read, so it cannot cancel them</source>
        <translation>不建议撤单：该账户的密钥只能读取，无法撤单</translation>
    </message>
    <message>
        <source>not proposed: what the bot knew may be incomplete</source>
        <translation>未建议：机器人所知可能不完整</translation>
    </message>
    <message>
        <source>Protects a position</source>
        <translation>保护持仓</translation>
    </message>
    <message>
        <source>never proposed: without it a position may stand unprotected</source>
        <translation>不会自动选中：没有它，持仓可能失去保护</translation>
    </message>
    <message>
        <source>Not ours</source>
        <translation>非本机器人</translation>
    </message>
    <message>
        <source>never proposed: a person or another program placed it</source>
        <translation>不会自动选中：由人工或其他程序下单</translation>
    </message>
    <message>
        <source>Cannot tell</source>
        <translation>归属不明</translation>
    </message>
    <message>
        <source>never proposed: nothing proves whose it is</source>
        <translation>不会自动选中：无法证明归属</translation>
    </message>
    <message>
        <source>Decision</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>交易对</translation>
    </message>
    <message>
        <source>Side</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>From market</source>
        <translation>距市价</translation>
    </message>
    <message>
        <source>How far its price is from the current price of the market</source>
        <translation>其价格与当前市价的距离</translation>
    </message>
    <message>
        <source>Remaining / amount</source>
        <translation>剩余 / 数量</translation>
    </message>
    <message>
        <source>{0}: what remains of the order</source>
        <translation>{0}：订单剩余部分</translation>
    </message>
    <message>
        <source>Notional</source>
        <translation>名义价值</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>距今</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Client order id</source>
        <translation>客户端订单编号</translation>
    </message>
    <message>
        <source>Order id</source>
        <translation>订单编号</translation>
    </message>
    <message>
        <source>left before</source>
        <translation>先前已保留</translation>
    </message>
    <message>
        <source>undecided</source>
        <translation>未决定</translation>
    </message>
    <message>
        <source>Decided before: leave it. {0}</source>
        <translation>先前的决定：保留。{0}</translation>
    </message>
    <message>
        <source>It is not ours: nothing is done to it unless you decide so.</source>
        <translation>它不属于我们：除非您另作决定，否则不会对它做任何操作。</translation>
    </message>
    <message>
        <source>Nobody has decided on it yet.</source>
        <translation>尚无人对它作出决定。</translation>
    </message>
    <message>
        <source>! Came back: {0}</source>
        <translation>! 退回：{0}</translation>
    </message>
</context>
<context>
    <name>_Step</name>
    <message>
        <source>this step</source>
        <translation>当前步骤</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>to come</source>
        <translation>待进行</translation>
    </message>
    <message>
        <source>Step {0}: {1}, {2}</source>
        <translation>第 {0} 步：{1}，{2}</translation>
    </message>
</context>
<context>
    <name>_StoreDelegate</name>
    <message>
        <source>LIVE</source>
        <translation>实盘</translation>
    </message>
    <message>
        <source>sandbox</source>
        <translation>模拟盘</translation>
    </message>
</context>
</TS>
